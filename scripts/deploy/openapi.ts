import { readFile, writeFile } from 'node:fs/promises';
import { functions } from '../../functions/index.ts';
import { openapiDocument } from './openapi/document.ts';

const file = new URL('../../functions/docs/openapi.json', import.meta.url);

// Writes the API's description where the function that tells it takes it from; with --check, only looks whether it is so.
const wanted = `${JSON.stringify(openapiDocument(functions), null, 2)}\n`;
const found = await readFile(file, 'utf8').catch(() => '');
if (wanted !== found && process.argv.includes('--check')) {
  console.error('functions/docs/openapi.json is not what the routes say: run `npm run fix`.');
  process.exitCode = 1;
} else await writeFile(file, wanted);
