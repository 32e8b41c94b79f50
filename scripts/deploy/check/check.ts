import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type { Manifest } from '../manifest.ts';
import { checkApis } from './apis.ts';
import { checkArguments } from './arguments.ts';
import { checkCoverage } from './coverage.ts';
import { checkConfiguration, checkEnvironment } from './environment.ts';
import type { ProviderSchema } from './provider-schema.ts';
import { parseTerraform, TERRAFORM_FOLDER, type Terraform } from './read-terraform.ts';
import { checkReferences } from './references.ts';
import { checkRoles } from './roles.ts';

/** What is deployed, from all sides. */
export interface Deployment {
  readonly terraform: Terraform;
  /** Values of variables, by file: `production.tfvars`. */
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly schema: ProviderSchema;
  readonly manifest: Manifest;
  readonly functions: readonly AnyFunction[];
}

/** Everything that is wrong with a deployment, each in a sentence that says where. */
export function checkDeployment({ terraform, values, schema, manifest, functions }: Deployment): string[] {
  const { blocks, problems } = terraform;
  return [
    ...problems,
    ...checkArguments(blocks, schema),
    ...checkReferences(blocks, schema),
    ...checkApis(blocks),
    ...checkCoverage(blocks, Object.keys(manifest)),
    ...checkRoles(blocks, manifest.grants, functions),
    ...checkEnvironment(blocks),
    ...checkValues(terraform, values),
  ];
}

function checkValues({ blocks }: Terraform, values: Deployment['values']): string[] {
  const variables = blocks.filter(({ kind }) => kind === 'variable').map(({ name }) => name);
  return Object.entries(values).flatMap(([file, given]) => [
    ...Object.keys(given)
      .filter((name) => !variables.includes(name))
      .map((name) => `${file}: there is no variable '${name}'`),
    ...checkConfiguration(blocks, file, (given.configuration ?? {}) as Record<string, unknown>),
  ]);
}

/** Reads the `.tfvars` of a folder. They have the syntax of locals. */
export async function readValues(folder = TERRAFORM_FOLDER): Promise<Deployment['values']> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.tfvars'));
  const read = files.map(async (file) => {
    const text = `locals {\n${readFileSync(join(folder, file), 'utf8')}\n}\n`;
    const { blocks, problems } = await parseTerraform({ [`${file}.tf`]: text });
    if (problems[0]) throw new Error(problems[0]);
    return [file, blocks[0]?.body ?? {}] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
