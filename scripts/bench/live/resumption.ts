import type { LiveSessionEntity } from '../../../schemas/live.ts';
import type { SuiteCloud } from '../../chain/suite-cloud.ts';
import { median } from '../timing.ts';
import { openLive, timed } from './client.ts';

/** The first command after a rest: an instance that is there opens the page again, as it was. */
export async function measureResumption(suite: SuiteCloud, origin: string, rounds: number): Promise<void> {
  const session = await openLive(suite, origin);
  const look = { command: 'assert.visible', target: '#go' };
  const [resumed, next]: [number[], number[]] = [[], []];
  await session.run({ command: 'navigate.to', url: '/' });
  await session.run({ command: 'interact.write', target: '#name', text: 'Ada' });
  for (let n = 0; n < rounds; n++) {
    await suite.until<LiveSessionEntity>(`sessions/${session.id}`, ({ status }) => status === 'idle');
    resumed.push(await timed(() => session.run(look)));
    next.push(await timed(() => session.run(look)));
  }
  await session.close();
  console.log('\nA command after a rest, p50');
  for (const [name, figures] of Object.entries({ 'the first': resumed, 'the next': next }))
    console.log(`  ${name.padEnd(26)}${`${median(figures).toFixed(0)} ms`.padStart(18)}`);
}
