import { type PageServer, pageOf, startPages } from '../chain/page-server.ts';
import { browsersWith, processesWith, stillRunning } from '../chain/processes.ts';
import { type SuiteCloud, startSuite } from '../chain/suite-cloud.ts';
import { temporaryFolder } from '../chain/temporary.ts';
import { until } from '../local/plumbing/receiver.ts';

/** What became of the browsers of a run that was cancelled. Milliseconds from the request on. */
export interface Cancelled {
  /** Browsers that were at work. */
  readonly browsers: number;
  /** When every session was cancelled, as it is stored. */
  readonly storedMs: number;
  /** When none of the browsers' processes was there any more. */
  readonly goneMs: number;
  /** Processes that were left when the cloud was gone. */
  readonly left: number;
}

/** Nobody waits longer for browsers that do not end. */
const PATIENCE_MS = 60_000;

/** What tests do while they are cancelled: wait, load what never comes, and keep the page so busy that it answers nothing. */
const busy = ['/waits', '/never', '/endless', '/asks'] as const;
const steps: Readonly<Record<(typeof busy)[number], string>> = {
  '/waits': '  - nav: /waits\n  - wait: 60000\n',
  '/never': '  - nav: /never\n',
  '/endless': '  - nav: /endless\n  - c: Start\n  - c: Start\n',
  '/asks': '  - nav: /asks\n  - c: Ask\n  - wait: 60000\n',
};

/** Cancels a run of so many tests, all of them at work, and looks what becomes of their browsers. Linux only. */
export async function cancelMany(tests: number, log: (line: string) => void = () => {}): Promise<Cancelled> {
  const temporary = temporaryFolder();
  const pages = await startBusyPages();
  let suite: SuiteCloud | undefined;
  try {
    suite = await startSuite({
      limits: { 'run-session': { maxInstances: tests } },
      environment: { TMPDIR: temporary.path, PARALLEL_SESSIONS: String(tests), SESSION_LEASE_SECONDS: '30' },
    });
    const outcome = await cancelOn(suite, pages, { tests, folder: temporary.path, log });
    await suite.close();
    suite = undefined;
    await untilOrLate(() => processesWith('TMPDIR', temporary.path).length === 0);
    return { ...outcome, left: processesWith('TMPDIR', temporary.path).length };
  } finally {
    await suite?.close();
    await pages.close();
    temporary.remove();
  }
}

async function cancelOn(
  { upload, start, call, sessionsOf }: SuiteCloud,
  pages: PageServer,
  { tests, folder, log }: { tests: number; folder: string; log: (line: string) => void },
): Promise<Omit<Cancelled, 'left'>> {
  const kinds = Array.from({ length: tests }, (_, n) => busy[n % busy.length] as (typeof busy)[number]);
  const ids: string[] = [];
  for (const [n, kind] of kinds.entries())
    ids.push(await upload(`busy-${n}.yaml`, `test: Busy ${n}\ndo:\n${steps[kind]}`));
  const { id } = await start(ids, { baseUrl: pages.origin });
  for (const kind of new Set(kinds)) await pages.visited(kind, kinds.filter((one) => one === kind).length);
  const { browsers, parts } = browsersWith('TMPDIR', folder);
  log(`${browsers.length} browsers are at work, of ${browsers.length + parts.length} processes`);
  const startedAt = performance.now();
  const since = () => Math.round(performance.now() - startedAt);
  await call('POST', `/v1/runs/${id}/cancel`);
  log(`cancelling was answered after ${since()} ms`);
  const left = () => stillRunning([...browsers, ...parts]);
  const stored = untilOrLate(async () => (await sessionsOf(id)).every(({ status }) => status === 'cancelled')).then(
    since,
  );
  await untilOrLate(() => left().length === 0);
  const goneMs = left().length === 0 ? since() : Number.POSITIVE_INFINITY;
  return { browsers: browsers.length, storedMs: await stored, goneMs };
}

async function untilOrLate(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  await until(async () => (await condition()) || performance.now() > end);
}

const startBusyPages = (): Promise<PageServer> =>
  startPages({
    '/waits': () => pageOf('<p>Waits</p>'),
    '/never': () => undefined,
    '/endless': () => pageOf('<button onclick="for (;;) {}">Start</button>'),
    '/asks': () => pageOf('<button onclick="alert(1)">Ask</button><script>onbeforeunload = () => "Stay?"</script>'),
  });
