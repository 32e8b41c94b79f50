import assert from 'node:assert/strict';
import type { SessionEntity } from '../../schemas/entities.ts';
import { until } from '../local/plumbing/receiver.ts';
import { enqueueAgain } from './deliver-again.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

export const TOKEN_TEST = `
name: Goes on
checkpoints:
  - name: One
    steps:
      - navigate: /one
      - store: { type: element-text, from: "#token", as: token }
  - name: Two
    steps:
      - navigate: /two
  - name: Three
    steps:
      - navigate: /three
      - assert: { type: equals, selector: "#token", value: "{{token}}" }
  - name: Four
    steps:
      - assert: Done
`;

/** How long the queue waits before it tries a task again. */
export const BACKOFF_MS = 10_000;

/** Pages of which the third tells the cookie that the first has set; it lets the first who asks for it wait for ever. */
export const startTokenPages = () =>
  startPages({
    '/one': (_, response) => {
      const token = Math.random().toString(36).slice(2);
      response.setHeader('set-cookie', `token=${token}`);
      return pageOf(`<p id="token">${token}</p>`);
    },
    '/two': () => pageOf('Two'),
    '/three': ({ number, cookies }) =>
      number === 1 ? undefined : pageOf(`<p id="token">${cookies.replace('token=', '')}</p>Done`),
  });

/** A session whose instance dies. */
export function instanceLost(suite: () => SuiteCloud): void {
  let pages: PageServer;
  before(async () => {
    pages = await startTokenPages();
  });
  after(async () => {
    await pages?.close();
  });

  it('goes on in another instance at the first checkpoint that is not committed', async function () {
    this.timeout(120_000);
    const { cloud, upload, start, ended, sessionsOf, checkpointsOf, rows } = suite();
    const { id } = await start([await upload('goes-on.yaml', TOKEN_TEST)], { baseUrl: pages.origin });
    await pages.visited('/three', 1);
    const killed = only(await sessionsOf(id));
    const committed = await checkpointsOf(killed.id);
    assert.deepEqual(
      committed.map(({ status }) => status),
      ['passed', 'passed', 'pending', 'pending'],
    );
    assert.ok(cloud.killInstance('run-session', 'SIGKILL'));
    await leaseEnd(only(await sessionsOf(id)));
    cloud.clock.advance(BACKOFF_MS);

    assert.equal((await ended(id)).status, 'passed');
    const session = only(await sessionsOf(id));
    assert.equal(session.resumed, 1);
    assert.equal(pages.visits('/one'), 1);
    // Once by the test, and once to open the tab again where it was.
    assert.equal(pages.visits('/two'), 2);
    const checkpoints = await checkpointsOf(session.id);
    assert.deepEqual(checkpoints.slice(0, 2), committed.slice(0, 2));
    assert.deepEqual(
      checkpoints.map(({ status, results }) => [status, results.length]),
      [
        ['passed', 2],
        ['passed', 1],
        ['passed', 2],
        ['passed', 1],
      ],
    );

    await cloud.settle();
    await cloud.runSchedule('ingest-analytics');
    const [row] = await rows(
      `SELECT COUNT(*) AS n, COUNT(DISTINCT event_id) AS events FROM analytics.command_executions WHERE run_id = '${id}'`,
    );
    assert.deepEqual(row, { n: 6, events: 6 });
    const [sessions] = await rows(`SELECT COUNT(*) AS n FROM analytics.test_runs WHERE run_id = '${id}'`);
    assert.deepEqual(sessions, { n: 1 });
  });
}

/** A session that two instances are asked to run. */
export function askedTwice(suite: () => SuiteCloud): void {
  let pages: PageServer;
  let release = (): void => {};
  before(async () => {
    pages = await startPages({
      '/': (_, response) => {
        release = () => void response.end(pageOf('Plain'));
        return undefined;
      },
    });
  });
  after(async () => {
    await pages?.close();
  });

  it('is run by the first; the second is told to come again, and finds it done', async () => {
    const { cloud, lines, upload, start, ended, sessionsOf } = suite();
    const source = 'name: Once\nsteps: [{ navigate: / }, { assert: Plain }]\n';
    const { id } = await start([await upload('once.yaml', source)], { baseUrl: pages.origin });
    await pages.visited('/', 1);
    const session = only(await sessionsOf(id));
    const told = (words: RegExp) =>
      lines.filter(({ session_id, message }) => session_id === session.id && words.test(message)).length;
    await enqueueAgain(suite(), 'run-session', { session_id: session.id });
    await until(() => told(/Another instance has this session/) === 1);
    release();
    assert.equal((await ended(id)).status, 'passed');
    cloud.clock.advance(BACKOFF_MS);
    await cloud.settle();
    await until(() => told(/the session has ended before/) === 1);
    assert.equal(pages.visits('/'), 1);
    assert.equal(only(await sessionsOf(id)).resumed, 0);
  });
}

/** Resolves when a lease that nobody renews any more has ended. */
export async function leaseEnd(session: SessionEntity): Promise<void> {
  const expires = session.lease?.expires_at as unknown as { toMillis(): number };
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, expires.toMillis() - Date.now()) + 50));
}
