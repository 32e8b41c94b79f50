import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subscription } from '@google-cloud/pubsub';
import { apiOf } from './api.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { type SuiteCloud, startSuite } from './suite-cloud.ts';
import { written } from './written.ts';

const password = 'canary-password-5f1d7c20';
const cookie = 'canary-cookie-93ab64e1';
const typed = 'canary-typed-c07b52d8';

const TEST = `
name: Secrets
environment: canaries
config: { trace: always }
checkpoints:
  - name: Form
    steps:
      - navigate: /form
      - write: { into: Password, text: "$\{ENV:PASSWORD}" }
      - write: { into: Code, text: "$\{ENV:CODE}" }
      - click: Greet
  - name: Greeting
    steps:
      - assert: Nobody
`;

const form = `<form action="/greeting"><label>Password <input name="p" type="password"></label>
  <label>Code <input name="c"></label><button>Greet</button></form>`;

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

describe('what is secret', () => {
  const data = mkdtempSync(join(tmpdir(), 'virtuoso-canaries-'));
  const canaries = new Map<string, string>([
    ['the secret of an environment', password],
    ['the cookie of a page', cookie],
    ['the secret text of a step', typed],
  ]);
  const events: Buffer[] = [];
  const subscriptions: Subscription[] = [];
  let pages: PageServer;
  let suite: SuiteCloud;
  let pieces: Map<string, Buffer>;

  before(async function () {
    this.timeout(240_000);
    pages = await startPages({
      '/form': (_visit, response) => {
        response.setHeader('set-cookie', `session=${cookie}; HttpOnly`);
        return pageOf(form);
      },
      '/greeting': ({ cookies }) => pageOf(`<h1>Hello</h1><!-- ${cookies.includes(cookie)} -->`),
    });
    suite = await startSuite({ data });
    for (const topic of (await suite.google.pubsub.getTopics())[0]) {
      const [subscription] = await topic.createSubscription(`canaries-${topic.name.split('/').at(-1)}`);
      subscriptions.push(subscription);
      subscription.on('message', (message) => {
        events.push(Buffer.concat([message.data, Buffer.from(JSON.stringify(message.attributes))]));
        message.ack();
      });
    }
    await run();
    pieces = await written(suite);
    pieces.set('the log', Buffer.from(JSON.stringify(suite.lines)));
  });
  after(async () => {
    // A stream whose cloud is gone would be tried again for ten minutes.
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
    await suite?.close();
    await pages?.close();
    rmSync(data, { recursive: true, force: true });
  });

  async function run(): Promise<void> {
    const { call, cloud } = suite;
    const user = (await call('POST', '/v1/users', { email: 'c@example.com', name: 'C', role: 'admin' })).body;
    const made = await call(
      ...(['POST', '/v1/api-keys', { name: 'canary', userId: (user as { id: string }).id }] as const),
      { 'idempotency-key': 'the-key' },
    );
    const { key } = made.body as { key: string };
    const own = apiOf(cloud.origin, key);
    const { accessToken } = (await own.call('POST', '/v1/auth/token')).body as { accessToken: string };
    await own.call('GET', '/v1/users/me', undefined, { 'x-api-key': '', authorization: `Bearer ${accessToken}` });
    const hook = { url: `${pages.origin}/hook`, events: ['*'] };
    const webhook = await own.call('POST', '/v1/webhooks', hook, { 'idempotency-key': 'the-webhook' });
    const { secret } = webhook.body as { secret: string };
    const secrets = { PASSWORD: password, CODE: typed };
    const environment = { name: 'canaries', secrets };
    assert.equal((await own.call('POST', '/v1/environments', environment, { 'idempotency-key': 'env' })).status, 201);
    canaries.set('an API key', key).set('a bearer token', accessToken).set('a secret of a webhook', secret);
    canaries.set('the bytes of a secret of a webhook', secret.replace('whsec_', ''));
    const test = await own.upload('secrets.yaml', TEST);
    const { id } = await own.start([test], { baseUrl: pages.origin });
    assert.equal((await own.ended(id)).status, 'failed');
    assert.equal(pages.visits('/greeting'), 1);
    await cloud.runSchedule('ingest-analytics');
  }

  it('is looked for in what there is: a trace, a report, rows, events', () => {
    const names = [...pieces.keys()];
    for (const pattern of [
      /trace\.zip: .*\.network/,
      /results\.json/,
      /table command_executions/,
      /^cache\//,
      /\.enc$/,
    ])
      assert.ok(
        names.some((name) => pattern.test(name)),
        `${pattern} is not in ${names.join(', ')}`,
      );
    assert.ok(events.some((event) => event.includes('command.failed')));
    assert.ok(pieces.get('table command_executions')?.includes('interact.write'));
  });

  it('is in no log line, document, event, row, object or trace', () => {
    for (const [name, bytes] of [...pieces, ...events.map((event): [string, Buffer] => ['an event', event])])
      for (const [what, canary] of canaries) assert.ok(!bytes.includes(canary), `${what} is in ${name}`);
  });

  it('is in none of the files that the local cloud keeps', () => {
    for (const path of filesBelow(data)) {
      const bytes = readFileSync(path);
      for (const [what, canary] of canaries) assert.ok(!bytes.includes(canary), `${what} is in ${path}`);
    }
  });
});
