import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@cdktn/hcl2json';

/** A block of a Terraform file. Expressions are `${…}` in texts, nested blocks lists of records. */
export interface TerraformBlock {
  readonly file: string;
  readonly kind: 'resource' | 'data' | 'variable' | 'output' | 'locals' | 'module' | 'provider' | 'terraform';
  /** Of resources and data sources: `google_pubsub_topic`. */
  readonly type: string;
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Terraform files as they were read. */
export interface Terraform {
  readonly blocks: readonly TerraformBlock[];
  /** What could not be read, in the parser's words. */
  readonly problems: readonly string[];
}

/** The folder of the suite's Terraform files. */
export const TERRAFORM_FOLDER = fileURLToPath(new URL('../terraform', import.meta.url));

type Bodies = readonly Readonly<Record<string, unknown>>[];

/** Reads every `.tf` file of a folder. */
export async function readTerraform(folder = TERRAFORM_FOLDER): Promise<Terraform> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf'));
  return parseTerraform(Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')])));
}

/** Parses Terraform files, given by their names. */
export async function parseTerraform(files: Readonly<Record<string, string>>): Promise<Terraform> {
  const blocks: TerraformBlock[] = [];
  const problems: string[] = [];
  for (const [file, text] of Object.entries(files)) {
    try {
      blocks.push(...blocksOf(file, (await parse(file, text)) as Record<string, unknown>));
    } catch (error) {
      problems.push(`${file} cannot be parsed: ${String((error as Error).message ?? error)}`);
    }
  }
  return { blocks, problems };
}

function blocksOf(file: string, parsed: Readonly<Record<string, unknown>>): TerraformBlock[] {
  return Object.entries(parsed).flatMap(([kind, value]) => {
    if (kind === 'resource' || kind === 'data')
      return Object.entries(value as Record<string, Record<string, Bodies>>).flatMap(([type, named]) =>
        Object.entries(named).flatMap(([name, bodies]) =>
          bodies.map((body): TerraformBlock => ({ file, kind, type, name, body })),
        ),
      );
    const given = kind as TerraformBlock['kind'];
    if (kind === 'locals' || kind === 'terraform')
      return (value as Bodies).map((body): TerraformBlock => ({ file, kind: given, type: '', name: '', body }));
    return Object.entries(value as Record<string, Bodies>).flatMap(([name, bodies]) =>
      bodies.map((body): TerraformBlock => ({ file, kind: given, type: '', name, body })),
    );
  });
}
