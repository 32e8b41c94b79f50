import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readXml } from '../../shared/reports/xml.testing.ts';
import { type Receiver, startReceiver } from '../demo/receiver.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

const TEST = `
name: Greet
checkpoints:
  - name: Form
    steps:
      - navigate: /form
      - write: { into: Name, text: Ada }
      - click: Greet
  - name: Greeting
    steps:
      - assert: Hello, Ada
      - assert: { type: not-exists, selector: button }
`;

const form = '<form action="/greeting"><label>Name <input name="name"></label><button>Greet</button></form>';

/** One run through everything that is connected. */
export function everyTrigger(suite: () => SuiteCloud): void {
  let pages: PageServer;
  let receiver: Receiver;
  let run: { id: string; trace: string };
  let trigger: number;

  before(async () => {
    pages = await startPages({ '/form': () => pageOf(form), '/greeting': () => pageOf('<h1>Hello, Ada</h1>') });
    receiver = await startReceiver();
    const { call, upload, start, ended, cloud } = suite();
    const webhook = await call('POST', '/v1/webhooks', { url: receiver.url, events: ['run.*', 'report.ready'] });
    receiver.secret = (webhook.body as { secret: string }).secret;
    const test = await upload('greet.yaml', TEST);
    run = await start([test], { baseUrl: pages.origin });
    assert.equal((await ended(run.id)).status, 'passed');
    await cloud.settle();
    trigger = await cloud.runSchedule('ingest-analytics');
    await call('DELETE', `/v1/webhooks/${(webhook.body as { id: string }).id}`);
  });
  after(async () => {
    await receiver?.close();
    await pages?.close();
  });

  it('takes triggers of all six kinds', async () => {
    const { logged } = suite();
    const reacting = ['import-test', 'plan-run', 'run-session', 'on-checkpoint', 'on-session', 'build-report'];
    for (const name of [...reacting, 'on-report', 'fan-out-webhooks', 'deliver-webhook', 'ingest-analytics'])
      await logged(({ message }) => message === `${name} done`);
    for (const request of ['POST /v1/tests 201', 'POST /v1/runs 202'])
      await logged(({ message }) => message === request);
    assert.equal(trigger, 204);
  });

  it('logs a run from its request to its webhooks under one trace', async () => {
    const trace = `projects/virtuoso-local/traces/${run.trace}`;
    const { lines, logged } = suite();
    const chain = ['plan-run', 'run-session', 'on-checkpoint', 'on-session', 'on-run', 'build-report', 'on-report'];
    const all = ['runs', ...chain, 'fan-out-webhooks', 'deliver-webhook'];
    for (const name of all)
      await logged((line) => line['logging.googleapis.com/trace'] === trace && line.function === name);
    const traced = new Set(
      lines.filter((line) => line['logging.googleapis.com/trace'] === trace).map((line) => line.function),
    );
    assert.deepEqual(traced, new Set(all));
    const strays = lines.filter(
      (line) => line.run_id === run.id && line.function !== 'runs' && line['logging.googleapis.com/trace'] !== trace,
    );
    assert.deepEqual(strays, []);
  });

  it('sends webhooks whose signatures hold, each event once', () => {
    const types = receiver.received.map(({ type }) => type).sort();
    assert.deepEqual(types, ['report.ready', 'run.completed', 'run.created', 'run.started']);
    assert.ok(receiver.received.every(({ verified }) => verified));
    assert.equal(new Set(receiver.received.map(({ id }) => id)).size, 4);
  });

  it('writes a report whose files are those of its manifest', async () => {
    const bucket = suite().google.storage.bucket('virtuoso-reports');
    const file = async (name: string) => (await bucket.file(`${run.id}/${name}`).download())[0];
    const manifest = JSON.parse((await file('manifest.json')).toString('utf8')) as {
      files: { name: string; size: number; sha256: string }[];
    };
    assert.deepEqual(
      manifest.files.map(({ name }) => name),
      ['index.html', 'junit.xml', 'results.json'],
    );
    for (const { name, size, sha256 } of manifest.files) {
      const bytes = await file(name);
      assert.equal(bytes.length, size);
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
    }
    const junit = readXml((await file('junit.xml')).toString('utf8'));
    assert.equal(junit.name, 'testsuites');
    assert.equal(junit.attributes.failures, '0');
  });

  it('gives the report to who may read it, and to nobody else', async () => {
    const { call, cloud } = suite();
    const page = await call('GET', `/v1/runs/${run.id}/report.html`);
    assert.match(String(page.body), /Greet/);
    assert.equal((await fetch(`${cloud.origin}/v1/runs/${run.id}/report.html`)).status, 401);
  });

  it('has one row a step and one a session in the warehouse', async () => {
    const { rows, sessionsOf, checkpointsOf } = suite();
    const session = only(await sessionsOf(run.id));
    const steps = (await checkpointsOf(session.id)).flatMap(({ id, results }) =>
      results.map(({ index, command, status }) => ({ checkpoint_id: id, position: index, command, status })),
    );
    assert.equal(steps.length, 5);
    const executed = await rows(
      `SELECT checkpoint_id, position, command, status FROM analytics.command_executions
       WHERE run_id = '${run.id}' ORDER BY executed_at, position`,
    );
    assert.deepEqual(executed, steps);
    const [row] = await rows(
      `SELECT session_id, test_name, status, steps, passed FROM analytics.test_runs WHERE run_id = '${run.id}'`,
    );
    assert.deepEqual(row, { session_id: session.id, test_name: 'Greet', status: 'passed', steps: 5, passed: 5 });
  });
}
