import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseChromium } from '../../../shared/engine/browser.ts';
import { costTables } from '../../local/billing/cost-words.ts';
import { type Meter, meterSince } from '../../local/billing/meter.ts';
import { startCloud } from '../../local/cloud.ts';
import { line, median, timeProcess } from '../timing.ts';
import { writeSuite } from './playwright-test.ts';
import { startSite } from './site.ts';
import { writeTests } from './virtuoso-tests.ts';

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(here, '../../virtuoso.js');
const library = createRequire(import.meta.url).resolve('@playwright/test');

const FLOWS = 20;
const WORKERS = 2;
const STEPS_A_FLOW = 5;
/** Rounds; in each, every runner takes its turn, so that a busy minute hits all alike. */
const ROUNDS = 3;

/** Twenty small flows through the whole chain, against the same flows in plain playwright-core and in @playwright/test. */
export async function compareFlows(folder: string): Promise<void> {
  const site = await startSite();
  const tests = join(folder, 'tests');
  await writeTests(tests, FLOWS);
  const cloud = await startCloud({ limits: { 'run-session': { maxInstances: WORKERS } }, idleMs: 600_000 });
  const { executable, env } = await chooseChromium({ clock: Date, random: Math.random, log: () => {} });
  const suite = { origin: site.origin, flows: FLOWS, workers: WORKERS, executable, library };
  const bare = await writeSuite(join(folder, 'bare'), { ...suite, recording: false });
  const recorded = await writeSuite(join(folder, 'recorded'), { ...suite, recording: true });
  const playwright = join(dirname(library), 'cli.js');
  const plain = [join(here, 'plain.ts'), site.origin, String(FLOWS), String(WORKERS)];
  const ours = [
    'run',
    tests,
    '--base-url',
    site.origin,
    '--url',
    cloud.origin,
    '--api-key',
    cloud.apiKey,
    '--report',
    join(folder, 'report'),
  ];
  const embedded = [
    'run',
    tests,
    '--base-url',
    site.origin,
    '--memory',
    '--parallel',
    String(WORKERS),
    '--report',
    join(folder, 'report'),
  ];
  const runners: Record<string, () => Promise<number>> = {
    plain: () => timeProcess(process.execPath, plain),
    pictured: () => timeProcess(process.execPath, [...plain, join(folder, 'pictures')]),
    ours: () => timeProcess(process.execPath, [cli, ...ours]),
    bare: () => timeProcess(process.execPath, [playwright, 'test', '--config', bare], { env }),
    recorded: () => timeProcess(process.execPath, [playwright, 'test', '--config', recorded], { env }),
    embedded: () => timeProcess(process.execPath, [cli, ...embedded]),
  };
  try {
    await runners.ours?.();
    await cloud.settle();
    const before = new Map(cloud.meter);
    const times: Record<string, number[]> = Object.fromEntries(Object.keys(runners).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, run] of Object.entries(runners)) {
        times[name]?.push(await run());
        await cloud.settle();
      }
    }
    print(times, meterSince(before, cloud.meter));
  } finally {
    await cloud.close();
    await site.close();
  }
}

function print(times: Record<string, number[]>, operations: Meter): void {
  const of = (name: string) => median(times[name] ?? []);
  const plain = of('plain');
  console.log(
    `\n${FLOWS} flows of ${STEPS_A_FLOW} steps, ${WORKERS} workers, whole process, median of ${ROUNDS} rounds`,
  );
  console.log(line('plain playwright-core, nothing recorded', plain, plain));
  console.log(line('plain playwright-core, a picture kept a step', of('pictured'), plain));
  console.log(line('virtuoso run, a cloud that is up, every step’s evidence', of('ours'), plain));
  console.log(line('@playwright/test, bare', of('bare'), plain));
  console.log(line('@playwright/test, trace + screenshots + HTML report', of('recorded'), plain));
  console.log(line('virtuoso run, embedded cloud started from nothing', of('embedded'), plain));
  const steps = FLOWS * STEPS_A_FLOW;
  console.log(`\nsteps a second, a cloud that is up: ${(steps / (of('ours') / 1000)).toFixed(1)}`);
  console.log(`\n${steps * ROUNDS} steps of ${ROUNDS} runs\n${costTables(operations, steps * ROUNDS)}`);
}
