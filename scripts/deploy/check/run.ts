import { readFileSync } from 'node:fs';
import { functions } from '../../../functions/index.ts';
import { MANIFEST_FILE, type Manifest, manifestOf } from '../manifest.ts';
import { checkDeployment, readValues } from './check.ts';
import { readProviderSchema } from './provider-schema.ts';
import { readTerraform } from './read-terraform.ts';

// Holds the Terraform files to the declarations and to the provider's published schema. Needs neither Terraform nor a network.
const text = readFileSync(MANIFEST_FILE, 'utf8');
const manifest = JSON.parse(text) as Manifest;
const terraform = await readTerraform();
const problems = checkDeployment({
  ...{ terraform, manifest, functions },
  values: await readValues(),
  schema: readProviderSchema(),
});
if (text !== `${JSON.stringify(manifestOf(functions), null, 2)}\n`)
  problems.push('terraform/manifest.json is not what the declarations say: run `npm run fix`.');
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${terraform.blocks.length} blocks of Terraform hold what ${functions.length} functions declare.`);
