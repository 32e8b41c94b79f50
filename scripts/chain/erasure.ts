import assert from 'node:assert/strict';
import type { ErasureEntity } from '../../schemas/erasure.ts';
import { type Api, apiOf } from './api.ts';
import { tellAgain } from './deliver-again.ts';
import type { DeliveryKeeper } from './deliveries.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import type { SuiteCloud } from './suite-cloud.ts';
import { written } from './written.ts';

interface Person {
  readonly id: string;
  readonly name: string;
  readonly api: Api;
  readonly token: string;
  /** Ids of what they have made. */
  readonly made: string[];
  readonly tests: { readonly quick: string; readonly slow: string };
}

const scopes = [
  ...['tests:read', 'tests:write', 'runs:read', 'runs:write', 'sessions:read', 'sessions:write', 'library:write'],
  ...['environments:write', 'webhooks:read', 'webhooks:write', 'keys:write', 'account:erase'],
];

/** What a user leaves behind, and that nothing of it is left when they are erased. */
export function erasure(suite: () => SuiteCloud, keeper: DeliveryKeeper): void {
  let pages: PageServer;
  before(async () => {
    pages = await startPages({
      '/': () => pageOf('<h1>Welcome</h1>'),
      '/slow': () => pageOf('<p>Slow</p>'),
      '/hook': () => '',
    });
  });
  after(async () => {
    await pages?.close();
  });

  const idOf = async (api: Api, path: string, body: object | string, headers = {}): Promise<string> => {
    const answer = await api.call('POST', path, body, headers);
    assert.ok(answer.status === 201 || answer.status === 202, `${path}: ${JSON.stringify(answer.body)}`);
    return (answer.body as { id: string }).id;
  };

  /** A user with something of everything, and a run that has ended. */
  async function settledUser(name: string): Promise<Person> {
    const { call, cloud } = suite();
    const id = await idOf(suite(), '/v1/users', { email: `${name}@example.com`, name: `${name} Canary` });
    const { key } = (await call('POST', '/v1/api-keys', { name: 'erasure', userId: id, scopes })).body as {
      key: string;
    };
    const api = apiOf(cloud.origin, key);
    const { accessToken: token } = (await api.call('POST', '/v1/auth/token')).body as { accessToken: string };
    const quick = await api.upload(`${name}.yaml`, `test: ${name} quick\ndo:\n  - nav: /\n  - snapshot: home\n`);
    const slow = await api.upload(`${name}-slow.yaml`, `test: ${name} slow\ndo:\n  - nav: /slow\n  - wait: 60000\n`);
    const ofSuite = ['A', 'B'].map((one) => `  - name: ${name} ${one}\n    steps: [{ comment: hello }]\n`);
    const suites = `metadata: {name: ${name} suite}\ntests:\n${ofSuite.join('')}`;
    await api.upload(`${name}-suite.yaml`, suites);
    const url = `${pages.origin}/hook`;
    const made = [
      await idOf(api, '/v1/library', `test: ${name} part\ndo:\n  - note: shared\n`),
      await idOf(api, '/v1/environments', { name: `${name}-env`, secrets: { KEY: 'secret' } }),
      await idOf(api, '/v1/webhooks', { url, events: ['run.*'] }, { 'idempotency-key': `${name}-webhook` }),
      await idOf(api, '/v1/hooks', { name: `${name} hook`, sender: 'github', tests: [quick] }),
    ];
    const run = await api.start([quick], { baseUrl: pages.origin });
    assert.equal((await api.ended(run.id)).status, 'passed');
    return { id, name, api, token, made: [...made, run.id], tests: { quick, slow } };
  }

  const ingest = async () => {
    await suite().cloud.settle();
    assert.equal(await suite().cloud.runSchedule('ingest-analytics'), 204);
  };

  /** Has the next round of an erasure be due, and be done. */
  async function nextRound(id: string): Promise<void> {
    const { google, cloud } = suite();
    await google.firestore.doc(`erasures/${id}`).update({ next_round_at: new Date(0) });
    assert.equal(await cloud.runSchedule('sweep-erasures'), 204);
  }

  const receiptOf = async (id: string) =>
    (await suite().google.firestore.doc(`erasures/${id}`).get()).data() as ErasureEntity | undefined;

  /** The names of the pieces that have one of the words in them. */
  const naming = (pieces: ReadonlyMap<string, Buffer>, words: readonly string[]): string[] =>
    [...pieces]
      .filter(([piece, bytes]) => words.some((word) => piece.includes(word) || bytes.includes(word)))
      .map(([piece]) => piece)
      .sort();

  it('leaves nothing of one user anywhere, and all of the other', async function () {
    this.timeout(240_000);
    const { call, cloud, until, logged } = suite();
    const [gone, stays] = [await settledUser('edgar'), await settledUser('frida')];
    await ingest();
    const words = ({ id, name, made, tests }: Person) => [id, name, ...made, tests.quick, tests.slow];
    const reports = suite().google.storage.bucket('virtuoso-reports');
    const page = 'statistics/monthly_usage/2020-02-01.html';
    const shown = `<!doctype html><td>${gone.id}</td>`;
    await reports.file(page).save(shown, { resumable: false, metadata: { metadata: { shows: `usr_x ${gone.id}` } } });
    const othersBefore = naming(await written(suite()), words(stays));
    for (const kind of ['gs://virtuoso-reports/', 'gs://virtuoso-artifacts/', 'gs://virtuoso-tests/baselines/'])
      assert.ok(
        othersBefore.some((piece) => piece.startsWith(kind)),
        kind,
      );

    const live = await idOf(gone.api, '/v1/sessions', { baseUrl: pages.origin });
    await gone.api.call('POST', `/v1/sessions/${live}/commands`, { step: { command: 'navigate.to', url: '/' } });
    const before = pages.visits('/slow');
    const running = await gone.api.start([gone.tests.slow], { baseUrl: pages.origin });
    await pages.visited('/slow', before + 1);
    const [session] = await suite().sessionsOf(running.id);
    const answer = await call('DELETE', `/v1/users/${gone.id}`);
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    assert.equal(answer.headers.get('location'), `/v1/users/${gone.id}/erasure`);
    assert.equal((await gone.api.call('GET', '/v1/users/me')).status, 401);
    const bearer = { 'x-api-key': '', authorization: `Bearer ${gone.token}` };
    assert.equal((await gone.api.call('GET', '/v1/users/me', undefined, bearer)).status, 401);

    await until<ErasureEntity>(`erasures/${gone.id}`, ({ status }) => status === 'erased');
    await ingest();
    // What was under way when it began is looked for an hour later, and again a day after that.
    await nextRound(gone.id);
    await nextRound(gone.id);
    assert.equal((await receiptOf(gone.id))?.next_round_at, null);
    const pieces = await written(suite());
    const leftOver = naming(pieces, [...words(gone), live, running.id, String(session?.id)]).filter(
      (piece) => piece !== `erasures/${gone.id}` && !piece.startsWith('table '),
    );
    assert.deepEqual(leftOver, []);
    for (const [table, bytes] of [...pieces].filter(([piece]) => piece.startsWith('table '))) {
      const rows = JSON.parse(String(bytes)) as { user_id?: string }[];
      // What the administrator did names the user: that is the administrator's.
      const theirs = JSON.stringify(rows.filter(({ user_id }) => user_id !== 'usr_bootstrap'));
      for (const word of [gone.id, gone.name, running.id]) assert.ok(!theirs.includes(word), table);
    }
    await logged(({ message }) => message.startsWith('rows of erased users were left out'));

    assert.deepEqual(naming(pieces, words(stays)), othersBefore);
    assert.ok(!pieces.has(`gs://virtuoso-reports/${page}`));
    assert.equal(await cloud.runSchedule('report-statistics'), 204);
    const [anew] = await reports.file(page).download();
    assert.match(String(anew), /February 2020/);
    const [asking] = await reports.getFiles({ prefix: 'statistics/due/' });
    assert.deepEqual(asking, []);
    assert.equal((await stays.api.call('GET', `/v1/runs/${stays.made.at(-1)}/report.html`)).status, 200);

    const { body } = await call('GET', `/v1/users/${gone.id}/erasure`);
    const receipt = body as { requestedBy: string; deleted: Record<'documents' | 'objects' | 'rows', object> };
    assert.equal(receipt.requestedBy, 'usr_bootstrap');
    for (const name of ['users', 'api_keys', 'tests', 'suites', 'library', 'environments', 'webhooks', 'hooks', 'log'])
      assert.ok(name in receipt.deleted.documents, `${name}: ${JSON.stringify(receipt)}`);
    assert.deepEqual(Object.keys(receipt.deleted.objects).sort(), [
      ...['virtuoso-artifacts', 'virtuoso-reports', 'virtuoso-tests'],
    ]);
    for (const name of ['command_executions', 'test_runs', 'user_activity'])
      assert.ok(name in receipt.deleted.rows, JSON.stringify(receipt));
    assert.ok(!JSON.stringify(await receiptOf(gone.id)).includes(gone.name));

    const events = keeper.kept().filter((one) => one.function === 'on-user');
    assert.ok(events.length >= 1);
    const told = await receiptOf(gone.id);
    await tellAgain(suite(), events);
    assert.equal((await call('DELETE', `/v1/users/${gone.id}`)).status, 202);
    assert.equal(await cloud.runSchedule('sweep-erasures'), 204);
    assert.deepEqual(await receiptOf(gone.id), told);
  });

  it('is begun by users themselves too, and is told as an event', async () => {
    const { call, google, until } = suite();
    const [subscription] = await google.pubsub.topic('system-events').createSubscription('erasures-told');
    const deleted = new Promise<{ user_id: string; by: string }>((resolve, reject) => {
      subscription.on('error', reject).on('message', (message) => {
        message.ack();
        if (message.attributes.type === 'user.deleted') resolve(JSON.parse(String(message.data)).data);
      });
    });
    const id = await idOf(suite(), '/v1/users', { email: 'self@example.com', name: 'Self' });
    const { key } = (await call('POST', '/v1/api-keys', { name: 'k', userId: id, scopes })).body as { key: string };
    const api = apiOf(suite().cloud.origin, key);
    const { headers } = await call('GET', `/v1/users/${id}`);
    assert.equal((await api.call('DELETE', '/v1/users/me', undefined, { 'if-match': '"other"' })).status, 412);
    const own = { 'if-match': headers.get('etag') ?? '' };
    assert.equal((await api.call('DELETE', '/v1/users/me', undefined, own)).status, 202);
    await until<ErasureEntity>(`erasures/${id}`, ({ status }) => status === 'erased');
    assert.deepEqual(await deleted, { user_id: id, by: id });
    await subscription.close();
    await subscription.delete();
    assert.equal((await call('GET', `/v1/users/${id}`)).status, 404);
  });

  it('is refused for the owner of the bootstrap key', async () => {
    for (const path of ['/v1/users/usr_bootstrap', '/v1/users/me']) {
      const { status, body } = await suite().call('DELETE', path);
      assert.deepEqual([status, /bootstrap/.test(JSON.stringify(body))], [403, true]);
    }
  });
}
