import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildFunctions } from '../../deploy/build.ts';
import { median } from '../timing.ts';
import { coldStart } from './measure.ts';

const ROUNDS = 7;

/** Cold start of `health` against a function of one line under the same framework. */
export async function compareColdStarts(folder: string): Promise<void> {
  const oneLine = join(folder, 'one-line');
  const framework = createRequire(import.meta.url).resolve('@google-cloud/functions-framework');
  await mkdir(oneLine, { recursive: true });
  await writeFile(
    join(oneLine, 'index.js'),
    `require(${JSON.stringify(framework)}).http('one-line', (request, response) => response.send('ok'));\n`,
  );
  const { folders } = await buildFunctions({ functions: ['health'] });
  const floor: number[] = [];
  const health: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    floor.push(await coldStart({ source: oneLine, target: 'one-line', path: '/' }));
    health.push(await coldStart({ source: folders.get('health') ?? '', target: 'health', path: '/health' }));
  }
  const [one, ours] = [median(floor), median(health)];
  console.log(`\ncold start, process start to first answer, median of ${ROUNDS}`);
  console.log(`  one-line function ${one.toFixed(0)} ms; health ${ours.toFixed(0)} ms: ${(ours / one).toFixed(2)} ×`);
}
