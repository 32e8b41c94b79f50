import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import { spawnCli } from '../cli/spawned.testing.ts';
import { liveLoad } from '../live-load/load.ts';
import { type Command, liveClient } from './live-client.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { crashRenderers } from './processes.ts';
import type { SuiteCloud } from './suite-cloud.ts';
import { temporaryFolder } from './temporary.ts';

const SHOP = pageOf(`
<h1>Shop</h1><form method="post" action="/order"><label>Name <input name="name"></label>
<label><input type="checkbox" name="gift"> Gift</label><label>Size <select name="size"><option>S<option>L</select></label>
<button>Order</button></form><p id="count"></p><button type="button" onclick="add()">Add</button>
<script>const n = () => Number(localStorage.n ?? 0); const show = () => { count.textContent = n() + ' in the cart' };
function add() { localStorage.n = n() + 1; show() } show()</script>`);

/** A shop whose orders are counted. */
const startShop = () =>
  startPages({
    '/': (_visit, response) => {
      response.setHeader('set-cookie', 'seen=yes');
      return SHOP;
    },
    '/order': ({ number, cookies }) => pageOf(`<h1>Order ${number}</h1><p id="cookies">${cookies}</p>`),
    '/slow': () => undefined,
    '/buy': () => pageOf('<form method="post" action="/slow"><button>Pay</button></form>'),
  });

/** A live session, over HTTP only. */
export function liveSessions(suite: () => SuiteCloud): void {
  let pages: PageServer;
  before(async () => {
    pages = await startShop();
  });
  after(async () => {
    await pages?.close();
  });

  const { open, send, run, passes, close } = liveClient(suite, () => pages.origin);
  /** A session's first command, as it is stored. */
  const first = (id: string) => ({
    ...{ kind: 'step', session_id: id, user_id: 'usr_bootstrap', position: 1, batch: 1, look: {} },
    ...{ stop_on_error: true, status: 'pending', step: { command: 'misc.comment', text: 'First' } },
    ...{ created_at: new Date(), updated_at: new Date() },
  });
  const stored = async (id: string) =>
    (await suite().google.firestore.doc(`sessions/${id}`).get()).data() as LiveSessionEntity;

  it('does not do again what was under way when the instance died, and says so', async function () {
    this.timeout(180_000);
    const { cloud } = suite();
    const id = await open();
    await passes(id, 'navigate to /buy');
    const asked = send(id, { command: 'interact.click', target: 'Pay' });
    await pages.visited('/slow', 1);
    assert.ok(cloud.killInstance('run-session', 'SIGKILL'));
    const { status, body } = await asked;
    assert.equal(status, 200);
    const { result } = body as Command;
    assert.deepEqual([result?.status, result?.error?.type], ['error', 'interrupted']);
    assert.equal(pages.visits('/slow'), 1);
    await passes(id, { command: 'assert.visible', target: 'Pay' });
    await close(id);
  });

  it('keeps the order of twenty clients, and answers each command once', async function () {
    this.timeout(180_000);
    const { answered, violations } = await liveLoad(suite(), { sessions: 1, clients: 20, commands: 2 });
    assert.deepEqual([answered, violations], [40, []]);
  });

  it('loses no command of more sessions than there are browsers, and says which wait', async function () {
    this.timeout(180_000);
    const { answered, violations, waiting, running } = await liveLoad(suite(), {
      sessions: 6,
      clients: 1,
      commands: 2,
    });
    assert.deepEqual([answered, violations], [12, []]);
    assert.ok(waiting > 0, 'none has said that it waits');
    assert.ok(running <= 2 && running > 0, `${running} browsers at once`);
  });

  it('answers the same for the same key', async () => {
    const id = await open();
    const step = { command: 'data.store-literal', variable: 'a', value: 'a1' };
    const numbers = [];
    for (const _time of [1, 2]) numbers.push(((await send(id, { step }, { 'idempotency-key': id })).body as Command).n);
    assert.deepEqual(numbers, [1, 1]);
    assert.equal((await suite().call('GET', `/v1/sessions/${id}/commands/2`)).status, 404);
    await close(id);
  });

  it('rests when no command comes, and goes on with the next one', async function () {
    this.timeout(180_000);
    const { until } = suite();
    const id = await open();
    await passes(id, 'navigate to /');
    await passes(id, { command: 'interact.click', target: 'Add' });
    await until<LiveSessionEntity>(`sessions/${id}`, ({ status }) => status === 'idle');
    const next = await passes(id, { command: 'assert.equals', target: '#count', value: '1 in the cart' });
    assert.deepEqual([next.resumed?.replayed, next.resumed?.notReplayed], [[], [2]]);
    assert.equal((await stored(id)).resumed, 1);
    await close(id);
  });

  it('runs several steps and skips those after one that does not pass', async () => {
    const id = await open();
    const steps = ['navigate to /', { command: 'assert.title', value: 'Other', timeoutMs: 200 }, 'click Order'];
    const { status, body } = await send(id, { steps });
    const { items } = body as { items: Command[] };
    assert.equal(status, 200);
    assert.deepEqual(
      items.map((one) => one.status),
      ['passed', 'failed', 'skipped'],
    );
    const refused = await send(id, { steps: ['navigate to /', { command: 'interact.clik', target: 'x' }] });
    assert.equal(refused.status, 422);
    const [problem] = (refused.body as { errors: { pointer: string; hint: string }[] }).errors;
    assert.deepEqual([problem?.pointer, problem?.hint], ['/steps/1', "Did you mean 'interact.click'?"]);
    const went = await send(id, { steps: [steps[1], 'click Order'], stopOnError: false });
    assert.deepEqual(
      (went.body as { items: Command[] }).items.map((one) => one.status),
      ['failed', 'passed'],
    );
    await close(id);
  });

  it('shows its page: the tree whole and as its difference, candidates, a picture', async () => {
    const { call } = suite();
    const id = await open();
    const first = await passes(id, 'navigate to /', { include: ['snapshot', 'candidates'] });
    assert.equal(first.snapshot?.kind, 'full');
    assert.match(first.snapshot?.text ?? '', /- heading "Shop"/);
    assert.ok(first.candidates?.some(({ role, target }) => role === 'button' && target === 'Add'));
    const second = await passes(id, 'click Add', { include: ['snapshot'] });
    assert.equal(second.snapshot?.kind, 'diff');
    assert.match(second.snapshot?.text ?? '', /^- .*0 in the cart[\s\S]*^\+ .*1 in the cart/m);
    await passes(id, { command: 'misc.execute', script: 'console.error("Oh")' });
    const { status, body } = await call('GET', `/v1/sessions/${id}/page?screenshot=true&snapshotMaxBytes=300`);
    assert.equal(status, 200, JSON.stringify(body));
    const page = body as {
      url: string;
      tabs: unknown[];
      problems: string[];
      snapshot: { text: string };
      screenshot: { data: string };
    };
    assert.deepEqual([page.url, page.tabs], [`${pages.origin}/`, [{ url: `${pages.origin}/`, active: true }]]);
    assert.deepEqual(page.problems, ['console error: Oh']);
    assert.ok(Buffer.byteLength(page.snapshot.text) <= 300);
    assert.equal(Buffer.from(page.screenshot.data, 'base64').readUInt16BE(), 0xffd8);
    await close(id);
    assert.equal((await send(id, { step: 'click Add' })).status, 409);
    assert.equal((await call('GET', `/v1/sessions/${id}/page`)).status, 404);
  });

  it('goes on in a new page when its page has crashed', async () => {
    const { cloud } = suite();
    const id = await open();
    await passes(id, 'navigate to /');
    await passes(id, { command: 'interact.click', target: 'Add' });
    const pids = cloud.instances().flatMap(({ function: name, pid }) => (name === 'run-session' && pid ? [pid] : []));
    assert.ok(crashRenderers(pids) > 0);
    const lost = await run(id, { command: 'assert.equals', target: '#count', value: '1 in the cart' });
    assert.deepEqual([lost.status, lost.result?.error?.type], ['error', 'page-crashed']);
    const next = await passes(id, { command: 'assert.equals', target: '#count', value: '1 in the cart' });
    assert.deepEqual(next.resumed?.notReplayed, [2]);
    await close(id);
  });

  it('is woken for commands that wait when every instance has died, or none has come', async () => {
    const { cloud, google, until } = suite();
    const longAgo = new Date(Date.now() - 3600_000);
    // As if its instance had died with a command in hand, or its tasks had been given up since.
    for (const left of [
      { status: 'running', lease: { owner: 'dead', expires_at: longAgo } },
      { status: 'waiting', woken_at: longAgo },
    ]) {
      const id = await open();
      const waiting = { ...first(id), id: `chk_${id}` };
      await google.firestore.doc(`checkpoints/chk_${id}`).set(waiting);
      await google.firestore.doc(`sessions/${id}`).update({ commands: 1, ...left });
      await cloud.runSchedule('cleanup');
      await until<LiveCommandEntity>(`checkpoints/chk_${id}`, ({ status }) => status === 'passed');
      await close(id);
    }
  });

  it('becomes a test of its owner, who sees it in a list', async () => {
    const { call, ended, start } = suite();
    const id = await open();
    await passes(id, 'navigate to /');
    await passes(id, { command: 'assert.title', value: 'Page' });
    const { items } = (await call('GET', '/v1/sessions?pageSize=1')).body as { items: { id: string }[] };
    assert.deepEqual(
      items.map((one) => one.id),
      [id],
    );
    const { status, body } = await call('POST', `/v1/sessions/${id}/save`, { name: 'See it', store: true });
    assert.equal(status, 202, JSON.stringify(body));
    const test = (body as { test: { id: string } }).test.id;
    await suite().until<{ status: string }>(`tests/${test}`, (one) => one.status === 'ready');
    const run = await ended((await start([test])).id);
    assert.equal(run.status, 'passed');
    await close(id);
  });

  it('is typed line by line on the command line, and saved as a test that the API reads', async () => {
    const { cloud, call } = suite();
    const folder = temporaryFolder();
    try {
      const input = "see Shop\nwrite 'Ada' in 'Name'\nclick Order\nassert.exists target: '#cookies'\nsave order.yaml\n";
      const args = ['live', pages.origin, '--url', cloud.origin, '--api-key', cloud.apiKey];
      const child = spawnCli(args, { cwd: folder.path, temporary: folder.path, input });
      assert.equal(await child.ended, 0, child.stdout + child.stderr);
      assert.match(
        child.stdout,
        /1 navigate\.to[\s\S]*4 interact\.click[\s\S]*heading "Order \d+"[\s\S]*Saved order\.yaml/,
      );
      const plan = await call('POST', '/v1/tests/plan?name=order.yaml', readFileSync(join(folder.path, 'order.yaml')));
      const { definition } = plan.body as { definition: { checkpoints: { steps: { command: string }[] }[] } };
      assert.deepEqual(
        definition.checkpoints[0]?.steps.map(({ command }) => command),
        ['navigate.to', 'assert.exists', 'interact.write', 'interact.click', 'assert.exists'],
      );
    } finally {
      folder.remove();
    }
  });

  it('ends by itself, and is told of in events', async () => {
    const { cloud, call, rows } = suite();
    const id = await open();
    await passes(id, { command: 'misc.comment', text: 'Hello' });
    await suite().until<LiveSessionEntity>(`sessions/${id}`, ({ status }) => status === 'idle');
    await suite()
      .google.firestore.doc(`sessions/${id}`)
      .update({ closes_at: new Date(Date.now() - 1000) });
    await cloud.runSchedule('cleanup');
    const { body } = await call('GET', `/v1/sessions/${id}`);
    assert.equal((body as { status: string }).status, 'expired');
    await cloud.settle();
    await cloud.runSchedule('ingest-analytics');
    const found = await rows(
      `SELECT command, run_id, status FROM analytics.command_executions WHERE session_id = '${id}'`,
    );
    assert.deepEqual(found, [{ command: 'misc.comment', run_id: null, status: 'passed' }]);
  });
}
