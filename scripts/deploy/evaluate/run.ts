import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functions } from '../../../functions/index.ts';
import { PROJECT } from '../build.ts';
import { readProviderSchema } from '../check/provider-schema.ts';
import { readTerraform, TERRAFORM_FOLDER } from '../check/read-terraform.ts';
import { evaluable } from './evaluable.ts';

// Writes the Terraform files without a provider to .build/evaluate; pipeline/evaluate.sh has Terraform evaluate them.
const folder = join(PROJECT, '.build/evaluate');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { blocks, problems } = await readTerraform();
if (problems[0]) throw new Error(problems[0]);
writeFileSync(join(folder, 'main.tf'), evaluable(blocks, readProviderSchema()));
for (const name of ['variables.tf', 'manifest.json', 'snapshot.sql', 'production.tfvars', 'staging.tfvars'])
  copyFileSync(join(TERRAFORM_FOLDER, name), join(folder, name));
cpSync(join(TERRAFORM_FOLDER, 'runbooks'), join(folder, 'runbooks'), { recursive: true });
copyFileSync(fileURLToPath(new URL('everything.tfvars', import.meta.url)), join(folder, 'everything.tfvars'));
const image = (name: string) => `us-docker.pkg.dev/project/virtuoso/${name}@sha256:${'0'.repeat(64)}`;
const images = Object.fromEntries(functions.map(({ name }) => [name, image(name)]));
writeFileSync(join(folder, 'release.tfvars.json'), JSON.stringify({ project: 'project', release: 'r1', images }));
