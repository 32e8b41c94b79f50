import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { ReportedSession } from '../../schemas/report.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { crashRenderers } from './processes.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

/** What a fault must come to: the session's status, the kind of error, and words of its message and hint. */
interface Expected {
  readonly steps: string;
  readonly config?: string;
  readonly status: string;
  readonly error?: readonly [type: string, message: RegExp, hint: RegExp];
  readonly note?: RegExp;
}

const faults: Readonly<Record<string, Expected>> = {
  'a site that is not there': {
    steps: '[{ navigate: "http://127.0.0.1:CLOSED/" }]',
    status: 'error',
    error: ['navigation-failed', /nothing answers at .*CLOSED/, /running/],
  },
  'a page that never ends': {
    steps: '[{ navigate: /endless }]',
    status: 'error',
    error: ['timeout', /did not answer in 3000 ms/, /never stops loading needs wait/],
  },
  'a page that is cut off': {
    steps: '[{ navigate: /cut }]',
    status: 'error',
    error: ['navigation-failed', /the answer was cut off at .*\/cut/, /hung up in the middle/],
  },
  'an element that never comes': {
    steps: '[{ navigate: /plain }, { click: Nowhere }, { assert: Plain }]',
    status: 'error',
    error: ['element-not-found', /no element 'Nowhere' on .*\/plain/, /Check that the page is the right one/],
  },
  'an alert that nobody expected': {
    steps: '[{ navigate: /alert }, { assert: After it }]',
    status: 'passed',
    note: /alert "Boo" was dismissed/,
  },
  'a tab that closes itself': {
    steps:
      '[{ navigate: /opener }, { click: Open }, { window: { action: switch, to: next } }, { click: Close }, { click: Close }]',
    status: 'error',
    error: ['element-not-found', /no element 'Close' on .*\/opener/, /./],
    note: /the tab .*\/closes closed; steps go on in .*\/opener/,
  },
  'a test that takes too long': {
    config: ', testTimeout: 5000',
    steps: '[{ navigate: /plain }, { wait: 2500 }, { wait: 2500 }, { wait: 2500 }]',
    status: 'error',
    error: ['test-timeout', /longer than its 5000 ms/, /testTimeout/],
  },
};

/** Sites and pages that misbehave: each test ends in time, and says why. */
export function faultsOfPages(suite: () => SuiteCloud): void {
  let pages: PageServer;
  let closedPort: number;
  let sessions: readonly ReportedSession[];

  before(async function () {
    this.timeout(180_000);
    pages = await startPages({
      '/endless': (_, response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).write(pageOf('Endless')),
      '/cut': (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html', 'content-length': '10000' }).write('<p>Half');
        setTimeout(() => response.destroy(), 100);
        return undefined;
      },
      '/plain': () => pageOf('Plain'),
      '/alert': () => pageOf('<script>alert("Boo")</script>After it'),
      '/opener': () => pageOf('<button onclick="window.open(`/closes`)">Open</button>'),
      '/closes': () => pageOf('<button onclick="window.close()">Close</button>'),
    });
    closedPort = await freePort();
    const { upload, start, ended, reportOf } = suite();
    const sources = Object.entries(faults).map(([name, { steps, config = '' }]) =>
      upload(
        `faults/${name}.yaml`,
        `name: ${name}\nconfig: { timeout: 3000${config} }\nsteps: ${steps}\n`.replace('CLOSED', String(closedPort)),
      ),
    );
    const { id } = await start(await Promise.all(sources), { baseUrl: pages.origin });
    assert.equal((await ended(id)).status, 'error');
    ({ sessions } = await reportOf(id));
  });
  after(async () => {
    await pages?.close();
  });

  for (const [name, expected] of Object.entries(faults)) {
    it(name, () => {
      const session = only(sessions.filter(({ testName }) => testName === name));
      const results = session.checkpoints.flatMap(({ steps }) => steps.flatMap(({ result }) => result ?? []));
      assert.equal(session.status, expected.status, JSON.stringify(results));
      const { type, message, hint } = session.error ?? {};
      if (expected.error) {
        assert.equal(type, expected.error[0], JSON.stringify(results));
        const words = new RegExp(expected.error[1].source.replace('CLOSED', String(closedPort)));
        assert.match(message ?? '', words);
        assert.match(hint ?? '', expected.error[2]);
      } else assert.equal(session.error, undefined);
      if (expected.note) assert.match(results.flatMap(({ notes }) => notes ?? []).join('\n'), expected.note);
    });
  }

  it('a page whose renderer crashes ends its session; the next one is run', async function () {
    this.timeout(120_000);
    const { upload, start, ended, reportOf, cloud } = suite();
    const source = (page: string) => `name: Open ${page}\nsteps: [{ navigate: /${page} }, { assert: Plain }]\n`;
    const crashing = await start([await upload('crash.yaml', source('endless'))], { baseUrl: pages.origin });
    await pages.visited('/endless', 2);
    const pids = cloud.instances().flatMap(({ function: name, pid }) => (name === 'run-session' && pid ? [pid] : []));
    assert.ok(crashRenderers(pids) > 0);
    assert.equal((await ended(crashing.id)).status, 'error');
    const { error } = only((await reportOf(crashing.id)).sessions);
    assert.equal(error?.type, 'page-crashed');
    assert.match(error.hint ?? '', /renderer ended/);
    const next = await start([await upload('next.yaml', source('plain'))], { baseUrl: pages.origin });
    assert.equal((await ended(next.id)).status, 'passed');
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
