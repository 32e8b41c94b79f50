import type { Browser, Page } from 'playwright-core';
import type { Step } from '../../../schemas/step.ts';
import type { TestConfig } from '../../../schemas/test-definition.ts';
import { launchBrowser } from '../../../shared/engine/browser.ts';
import { openSession } from '../../../shared/engine/session.ts';
import { startSite } from '../flows/site.ts';
import { median } from '../timing.ts';

/**
 * What a step costs over the plain playwright-core call that it stands for: the same flows, in one browser, without any
 * cloud. A context's start and end are left out on both sides; a step's picture is waited for. A picture is what the
 * browser makes of the page, whoever asks: with pictures, the baseline takes one after each call too.
 */
const FLOWS = 20;
/** Rounds; in each, every runner takes its turn, so that a busy minute hits all alike. */
const ROUNDS = 3;
const viewport = { width: 1280, height: 720 };
const clock = { now: () => performance.timeOrigin + performance.now() };

/** The flow, step by step: how it is said to Playwright, and how to the engine. */
const steps: readonly {
  name: string;
  plain: (page: Page, origin: string, n: number) => Promise<unknown>;
  step: (n: number) => Step;
}[] = [
  {
    name: 'open a page',
    plain: (page, origin, n) => page.goto(`${origin}/?n=${n}`),
    step: (n) => ({ command: 'navigate.to', url: `/?n=${n}` }),
  },
  {
    name: 'write',
    plain: (page, _origin, n) => page.fill('#name', `Ada ${n}`),
    step: (n) => ({ command: 'interact.write', target: '#name', text: `Ada ${n}` }),
  },
  {
    name: 'click',
    plain: (page) => page.click('#go'),
    step: () => ({ command: 'interact.click', target: '#go' }),
  },
  {
    name: 'compare a text',
    plain: async (page, _origin, n) => {
      const text = await page.textContent('#greeting');
      if (text !== `Hello, Ada ${n}`) throw new Error(`flow ${n}: ${text}`);
    },
    step: (n) => ({ command: 'assert.equals', target: '#greeting', value: `Hello, Ada ${n}` }),
  },
  {
    name: 'see an element',
    plain: (page) => page.locator('#done').waitFor({ state: 'visible' }),
    step: () => ({ command: 'assert.visible', target: '#done' }),
  },
];

/** Milliseconds of each step of one flow. */
type Times = number[];

async function plainly(browser: Browser, origin: string, n: number, pictures = false): Promise<Times> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const times: Times = [];
  for (const { plain } of steps) {
    const started = performance.now();
    await plain(page, origin, n);
    if (pictures) await page.screenshot({ type: 'jpeg' });
    times.push(performance.now() - started);
  }
  await context.close();
  return times;
}

async function byEngine(
  browser: Browser,
  origin: string,
  n: number,
  screenshots: TestConfig['screenshots'],
): Promise<Times> {
  const session = await openSession(browser, {
    config: { viewport, trace: 'none', ...(screenshots ? { screenshots } : {}) },
    baseUrl: origin,
    variables: {},
    secrets: [],
    fingerprints: {},
    artifacts: { save: async () => {} },
    outside: unreachable,
    artifactPrefix: 'bench',
    clock,
    random: Math.random,
  });
  const times: Times = [];
  let started = performance.now();
  const { status, results } = await session.runCheckpoint(
    { name: 'flow', index: 0, steps: steps.map(({ step }) => step(n)) },
    {
      onStep: () => {
        times.push(performance.now() - started);
        started = performance.now();
      },
    },
  );
  // The pictures that were still under way count for the last step.
  times[times.length - 1] = (times.at(-1) ?? 0) + performance.now() - started;
  if (status !== 'passed') throw new Error(`flow ${n}: ${JSON.stringify(results)}`);
  await (await session.close({ trace: false })).dispose();
  return times;
}

/** The flows ask nothing of the world outside the page. */
const refuse = async (): Promise<never> => {
  throw new Error('the benchmark reaches nothing but its page');
};
const unreachable = {
  send: refuse,
  readFile: refuse,
  baselines: { update: 'none', read: refuse, write: refuse },
} as const;

interface Runner {
  readonly run: (browser: Browser, origin: string, n: number) => Promise<Times>;
  /** What it is measured against. */
  readonly over?: string;
}
const runners: Readonly<Record<string, Runner>> = {
  'plain playwright-core': { run: plainly },
  'the engine, no pictures': {
    run: (browser, origin, n) => byEngine(browser, origin, n, 'none'),
    over: 'plain playwright-core',
  },
  'plain, a picture a step': { run: (browser, origin, n) => plainly(browser, origin, n, true) },
  'the engine, a picture a step': {
    run: (browser, origin, n) => byEngine(browser, origin, n, 'every-step'),
    over: 'plain, a picture a step',
  },
};

async function measure(): Promise<Map<string, Times[]>> {
  const site = await startSite();
  const browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
  const measured = new Map<string, Times[]>(Object.keys(runners).map((name) => [name, []]));
  try {
    for (const { run } of Object.values(runners)) await run(browser, site.origin, 0);
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, { run }] of Object.entries(runners))
        for (let n = 0; n < FLOWS; n++) measured.get(name)?.push(await run(browser, site.origin, n));
  } finally {
    await browser.close();
    await site.close();
  }
  return measured;
}

function print(measured: ReadonlyMap<string, Times[]>): void {
  const columns = [...steps.map(({ name }) => name), 'a step on average'];
  const figures = new Map([...measured].map(([name, flows]) => [name, figuresOf(flows)]));
  console.log(`\n${FLOWS} flows of ${steps.length} steps, ${ROUNDS} rounds, one at a time; milliseconds, medians\n`);
  console.log(`  ${''.padEnd(30)}${columns.map((name) => name.padStart(19)).join('')}`);
  for (const [name, own] of figures) {
    console.log(`  ${name.padEnd(30)}${own.map((ms) => ms.toFixed(1).padStart(19)).join('')}`);
    const base = figures.get(runners[name]?.over ?? '');
    if (base === undefined) continue;
    const over = own.map((ms, at) => `+${(ms - (base[at] ?? 0)).toFixed(1)}, ${(ms / (base[at] ?? ms)).toFixed(2)} ×`);
    console.log(`  ${`  over ${runners[name]?.over}`.padEnd(30)}${over.map((text) => text.padStart(19)).join('')}`);
  }
}

/** The median of each step, and of the flows' averages. */
function figuresOf(flows: readonly Times[]): number[] {
  const each = steps.map((_, at) => median(flows.map((times) => times[at] ?? 0)));
  const averages = flows.map((times) => times.reduce((sum, ms) => sum + ms, 0) / times.length);
  return [...each, median(averages)];
}

print(await measure());
