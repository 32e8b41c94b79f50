import { setTimeout as sleep } from 'node:timers/promises';
import type { SuiteCloud } from '../../chain/suite-cloud.ts';
import { median } from '../timing.ts';
import { openLive, timed } from './client.ts';

/** Cold starts are long. */
const COLD_ROUNDS = 3;

/** A whole session's life: created, one command, closed. Warm: a browser is there. Cold: no instance that has one. */
export async function measureLives(suite: SuiteCloud, origin: string, rounds: number): Promise<void> {
  const life = async () => {
    const session = await openLive(suite, origin);
    await session.run({ command: 'navigate.to', url: '/' });
    await session.close();
  };
  const warm: number[] = [];
  for (let n = 0; n < rounds; n++) {
    await freeInstances(suite);
    warm.push(await timed(life));
  }
  const cold: number[] = [];
  for (let n = 0; n < COLD_ROUNDS; n++) {
    await noInstances(suite);
    cold.push(await timed(life));
  }
  console.log(`\nA session's life (create, one command, close), p50`);
  for (const [name, figures] of Object.entries({ warm, cold }))
    console.log(`  ${name.padEnd(26)}${`${median(figures).toFixed(0)} ms`.padStart(18)}`);
}

const ours = ({ cloud }: SuiteCloud) => cloud.instances().filter(({ function: name }) => name === 'run-session');

/** The instance of the session before still has its last moments. */
async function freeInstances(suite: SuiteCloud): Promise<void> {
  while (ours(suite).some(({ active }) => active > 0)) await sleep(20);
}

async function noInstances(suite: SuiteCloud): Promise<void> {
  await freeInstances(suite);
  while (ours(suite).length > 0) {
    suite.cloud.killInstance('run-session', 'SIGTERM');
    await sleep(50);
  }
}
