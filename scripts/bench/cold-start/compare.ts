import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { functions } from '../../../functions/index.ts';
import type { HttpTrigger } from '../../../shared/define/trigger.ts';
import { buildFunctions } from '../../deploy/build.ts';
import { median } from '../timing.ts';
import { coldStart } from './measure.ts';

const ROUNDS = 7;
/** Nothing of the cloud is there, and so nothing of it may be asked: limits are off. */
const env = { GCP_PROJECT_ID: 'virtuoso-bench', ENVIRONMENT: 'local', LOG_LEVEL: 'ERROR', RATE_LIMIT_FACTOR: '0' };

interface Started {
  readonly target: string;
  readonly source: string;
  readonly path: string;
}

/** Cold starts of every HTTP function against a function of one line under the same framework, in turn. */
export async function compareColdStarts(folder: string): Promise<void> {
  const all = [await oneLine(folder), ...(await httpFunctions())];
  const times = all.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, started] of all.entries()) times[i]?.push(await coldStart({ ...started, env }));
  }
  const floor = median(times[0] ?? []);
  console.log(`\ncold start, process start to first answer, median of ${ROUNDS}`);
  for (const [i, { target }] of all.entries()) {
    const ms = median(times[i] ?? []);
    console.log(`  ${target.padEnd(24)}${ms.toFixed(0).padStart(6)} ms${(ms / floor).toFixed(2).padStart(7)} ×`);
  }
}

async function oneLine(folder: string): Promise<Started> {
  const source = join(folder, 'one-line');
  const framework = createRequire(import.meta.url).resolve('@google-cloud/functions-framework');
  await mkdir(source, { recursive: true });
  await writeFile(
    join(source, 'index.js'),
    `require(${JSON.stringify(framework)}).http('one-line', (request, response) => response.send('ok'));\n`,
  );
  return { target: 'one-line', source, path: '/' };
}

/** Each with a path of its own: one that is refused without a key, where there is one, so that nothing else is waited for. */
async function httpFunctions(): Promise<Started[]> {
  const declared = functions.filter(({ trigger }) => trigger.kind === 'http');
  const { folders } = await buildFunctions({ functions: declared.map(({ name }) => name) });
  return declared.map(({ name, trigger }) => {
    const { routes } = trigger as HttpTrigger;
    const route = routes.find(({ access }) => access !== 'public') ?? routes[0];
    const path = (route?.path ?? '/').replace(/:\w+(\{[^/]*\})?/g, 'x');
    return { target: name, source: folders.get(name) ?? '', path };
  });
}
