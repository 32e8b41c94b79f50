import type { Page } from 'playwright-core';
import type { Step } from '../../../schemas/step.ts';
import { launchBrowser } from '../../../shared/engine/browser.ts';
import type { SuiteCloud } from '../../chain/suite-cloud.ts';
import { meterSince } from '../../local/billing/meter.ts';
import { median } from '../timing.ts';
import { openLive, timed } from './client.ts';

const clock = { now: () => performance.timeOrigin + performance.now() };

/** The same, said to the API and to Playwright. */
const commands: readonly {
  name: string;
  step: (n: number) => Step;
  plain: (page: Page, n: number) => Promise<unknown>;
}[] = [
  {
    name: 'open a page',
    step: (n) => ({ command: 'navigate.to', url: `/?n=${n}` }),
    plain: (page, n) => page.goto(`/?n=${n}`),
  },
  {
    name: 'write',
    step: (n) => ({ command: 'interact.write', target: '#name', text: `Ada ${n}` }),
    plain: (page, n) => page.fill('#name', `Ada ${n}`),
  },
  {
    name: 'click',
    step: () => ({ command: 'interact.click', target: '#go' }),
    plain: (page) => page.click('#go'),
  },
  {
    name: 'see an element',
    step: () => ({ command: 'assert.visible', target: '#done' }),
    plain: (page) => page.locator('#done').waitFor({ state: 'visible' }),
  },
];

/** A command's round trip over HTTP, warm, beside the same call of playwright-core; and what Google Cloud would bill for one. */
export async function compareCommands(suite: SuiteCloud, origin: string, rounds: number): Promise<void> {
  const browser = await launchBrowser({ clock, random: Math.random, log: () => {} });
  const page = await browser.newPage({ baseURL: origin });
  const session = await openLive(suite, origin);
  const times = commands.map(() => ({ live: [] as number[], plain: [] as number[] }));
  try {
    await session.run({ command: 'navigate.to', url: '/' });
    const before = new Map(suite.cloud.meter);
    for (let n = 0; n < rounds; n++) {
      for (const [i, { step, plain }] of commands.entries()) {
        times[i]?.plain.push(await timed(() => plain(page, n)));
        times[i]?.live.push(await timed(() => session.run(step(n))));
      }
    }
    await suite.cloud.settle();
    tell(times);
    const billed = [...meterSince(before, suite.cloud.meter)].sort(([, a], [, b]) => b - a);
    console.log('\nBillable operations a command');
    for (const [name, count] of billed) {
      const each = count / (rounds * commands.length);
      if (each >= 0.05) console.log(`  ${name.padEnd(36)} ${each.toFixed(2).padStart(8)}`);
    }
  } finally {
    await session.close();
    await browser.close();
  }
}

function tell(times: readonly { live: number[]; plain: number[] }[]): void {
  console.log(
    `${'A round trip, p50'.padEnd(28)}${['live', 'playwright-core', 'more'].map((one) => one.padStart(18)).join('')}`,
  );
  const row = (name: string, live: readonly number[], plain: readonly number[]) => {
    const figures = [median(live), median(plain), median(live) - median(plain)];
    console.log(`  ${name.padEnd(26)}${figures.map((ms) => `${ms.toFixed(1)} ms`.padStart(18)).join('')}`);
  };
  for (const [i, { live, plain }] of times.entries()) row(commands[i]?.name ?? '', live, plain);
  row(
    'all',
    times.flatMap(({ live }) => live),
    times.flatMap(({ plain }) => plain),
  );
}
