import assert from 'node:assert/strict';
import type { SessionEntity } from '../../schemas/entities.ts';
import { type Answer, type Api, apiOf } from './api.ts';
import { BACKOFF_MS, leaseEnd } from './instance-lost.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

interface Queued {
  readonly queued?: { readonly position: number; readonly waitsFor: string };
}

/** What a user may use at once and in a day, and how long a run may take. */
export function userLimits(suite: () => SuiteCloud): void {
  let pages: PageServer;
  let letGo = (): void => {};
  before(async () => {
    pages = await startPages({
      '/page': () => pageOf('<p>Here</p>'),
      '/held': (_, response) => {
        letGo = () => void response.setHeader('content-type', 'text/html').end(pageOf('<p>Here</p>'));
        return undefined;
      },
    });
  });
  after(async () => {
    await pages?.close();
  });

  async function newUser(name: string, quotas: object): Promise<{ id: string; api: Api }> {
    const { call, cloud } = suite();
    const { id } = (await call('POST', '/v1/users', { email: `${name}@example.com`, name })).body as { id: string };
    assert.equal((await call('PATCH', `/v1/users/${id}`, { quotas })).status, 200);
    const { key } = (await call('POST', '/v1/api-keys', { name, userId: id, scopes: SCOPES })).body as { key: string };
    return { id, api: apiOf(cloud.origin, key) };
  }
  const SCOPES = ['tests:read', 'tests:write', 'runs:read', 'runs:write', 'sessions:read', 'sessions:write'];
  const visit = (name: string, path: string) => `test: ${name}\ndo:\n  - nav: ${path}\n  - ch: Here\n`;

  /** How many sessions of a user are under way at once, at most, while it is looked. */
  function watched(userId: string) {
    let most = 0;
    const query = suite().google.firestore.collection('sessions').where('user_id', '==', userId);
    const stop = query.onSnapshot(({ docs }) => {
      most = Math.max(most, docs.filter((document) => document.get('status') === 'running').length);
    });
    return { most: () => most, stop };
  }

  it('one session at once: the next begins when one has ended, also when its instance is killed; others go on', async function () {
    this.timeout(120_000);
    const { cloud, google } = suite();
    const { id: ada, api } = await newUser('one-at-once', { parallelSessions: 1 });
    const { api: other } = await newUser('another', { parallelSessions: 2 });
    const tests = await Promise.all(
      ['/held', '/page', '/page', '/page'].map((path, i) => api.upload(`${i}.yaml`, visit(`T${i}`, path))),
    );
    const seen = watched(ada);
    const { id } = await api.start(tests, { baseUrl: pages.origin });
    await pages.visited('/held', 1);
    const second = await api.start(tests.slice(1, 2), { baseUrl: pages.origin, priority: 'high' });
    await suite().until(`runs/${second.id}`, ({ status }: { status: string }) => status === 'running');
    const { queued } = (await api.call('GET', `/v1/runs/${second.id}`)).body as Queued;
    assert.deepEqual([queued?.position, queued?.waitsFor], [1, 'slot'], 'before the three of a lower priority');

    const theirs = await other.start([await other.upload('theirs.yaml', visit('Theirs', '/page'))], {
      baseUrl: pages.origin,
    });
    assert.equal((await other.ended(theirs.id)).status, 'passed');

    const running = await google.firestore
      .collection('sessions')
      .where('run_id', '==', id)
      .where('status', '==', 'running')
      .get();
    const killed = only(running.docs).data() as SessionEntity;
    assert.ok(cloud.killInstance('run-session', 'SIGKILL'));
    await leaseEnd((await google.firestore.doc(`sessions/${killed.id}`).get()).data() as SessionEntity);
    cloud.clock.advance(BACKOFF_MS);
    await pages.visited('/held', 2);
    letGo();
    assert.deepEqual([(await api.ended(id)).status, (await api.ended(second.id)).status], ['passed', 'passed']);
    await cloud.settle();
    seen.stop();
    assert.equal(seen.most(), 1);
  });

  it('so many runs, live sessions and minutes a day: what is one too many is refused, and says when there is room', async () => {
    const { api } = await newUser('few-a-day', { runsADay: 1, openLiveSessions: 1, liveSessionsADay: 2 });
    const test = await api.upload('few.yaml', 'test: Few\ndo:\n  - note: hello\n');
    await api.ended((await api.start([test])).id);
    const refused = await api.call('POST', '/v1/runs', { tests: [test] });
    assert.equal(refused.status, 429);
    const { detail, errors } = refused.body as { detail: string; errors: { quota: string }[] };
    assert.match(detail, /'runsADay' of 1 is used up: it starts anew at \d{4}-\d\d-\d\dT00:00:00\.000Z/);
    assert.equal(errors[0]?.quota, 'runsADay');
    const seconds = Number(refused.headers.get('retry-after'));
    assert.ok(seconds > 0 && seconds <= 24 * 3600, `${seconds}`);

    const open = () => api.call('POST', '/v1/sessions', {});
    const first = await open();
    assert.equal(first.status, 201);
    const second = await open();
    assert.deepEqual(
      [second.status, (second.body as { detail: string }).detail.includes("'openLiveSessions' of 1")],
      [429, true],
    );
    const close = (answer: Answer) => api.call('DELETE', `/v1/sessions/${(answer.body as { id: string }).id}`);
    await close(first);
    const third = await open();
    assert.equal(third.status, 201);
    await close(third);

    const { quotas } = (await api.call('GET', '/v1/users/me')).body as {
      quotas: Record<string, { limit: number; used?: number }>;
    };
    const { runsADay, liveSessionsADay, openLiveSessions, browserMinutesADay, storedMegabytesADay } = quotas;
    assert.deepEqual([runsADay?.limit, runsADay?.used, liveSessionsADay?.used], [1, 1, 2]);
    assert.deepEqual([openLiveSessions?.limit, browserMinutesADay?.used, storedMegabytesADay?.used], [1, 0, 0]);
  });

  it('so long for a run: what has not ended by then is cancelled, and its verdict says why', async () => {
    const { call, upload, start, ended, sessionsOf } = suite();
    const slow = await upload('slow-limit.yaml', 'test: Slow\ndo:\n  - nav: /page\n  - wait: 60000\n');
    const { id } = await start([slow], { baseUrl: pages.origin, runTimeout: 3000 });
    const run = await ended(id);
    assert.equal(run.status, 'error');
    assert.match(String(run.error), /took longer than its 3000 ms/);
    assert.equal(only(await sessionsOf(id)).status, 'cancelled');
    assert.match(String((await call('GET', `/v1/runs/${id}/report.html`)).body), /stopped when its time was over/);
    const quick = await upload('quick-limit.yaml', 'test: Quick\ndo:\n  - note: hello\n');
    const { id: other } = await start([quick], { runTimeout: 24 * 3600_000 });
    assert.equal((await ended(other)).status, 'passed');
  });
}
