import assert from 'node:assert/strict';
import sinon from 'sinon';
import { toCloudEvent } from '../../shared/events/publish.ts';
import { keepDeliveries } from '../chain/deliveries.ts';
import { type Endpoint, startEndpoint } from '../chain/endpoint.ts';
import { type SuiteCloud, startSuite } from '../chain/suite-cloud.ts';
import { LOCATION } from '../local/tasks/client.ts';
import { main } from './main.ts';

interface Shown {
  readonly id: string;
  readonly what: string;
  readonly from: string;
  readonly reason: string;
}

describe('virtuoso dead-letters', function () {
  this.timeout(120_000);
  const { PUBSUB_EMULATOR_HOST, CLOUD_TASKS_EMULATOR_HOST } = process.env;
  const keeper = keepDeliveries();
  let suite: SuiteCloud;
  let endpoint: Endpoint;
  before(async () => {
    suite = await startSuite({ services: { keeper: keeper.create } });
    endpoint = await startEndpoint();
  });
  after(async () => {
    sinon.restore();
    for (const [name, value] of Object.entries({ PUBSUB_EMULATOR_HOST, CLOUD_TASKS_EMULATOR_HOST }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    await endpoint?.close();
    await suite?.close();
  });
  async function virtuoso(...args: string[]) {
    const said = { out: '', err: '' };
    const write = (to: keyof typeof said) => (text: unknown) => {
      said[to] += String(text);
      return true;
    };
    const stubs = [
      sinon.stub(process.stdout, 'write').callsFake(write('out')),
      sinon.stub(process.stderr, 'write').callsFake(write('err')),
    ];
    try {
      return { code: await main(['dead-letters', ...args, '--cloud', suite.cloud.origin]), ...said };
    } finally {
      for (const stub of stubs) stub.restore();
    }
  }
  const list = async () => JSON.parse((await virtuoso('--json')).out) as Shown[];
  const bury = (data: string | Buffer, attributes: Record<string, string>) =>
    suite.google.pubsub.topic('dead-letters').publishMessage({ data: Buffer.from(data as string), attributes });

  it('lists what could not be handled, as often as it is asked to, and drops it', async () => {
    const { google, cloud } = suite;
    const attributes = { type: 'run.completed', source: 'virtuoso', subject: 'runs/run_1', user_id: 'usr_1' };
    await google.pubsub.topic('webhook-events').publishMessage({ data: Buffer.from('{'), attributes });
    const url = `${cloud.origin}/functions/deliver-webhook`;
    const serviceAccountEmail = 'virtuoso-invoker@virtuoso-local.iam.gserviceaccount.com';
    await google.tasks.createTask({
      parent: `${LOCATION}/queues/webhook-delivery`,
      task: {
        name: `${LOCATION}/queues/webhook-delivery/tasks/broken`,
        httpRequest: {
          ...{ url, httpMethod: 'POST' as const, headers: { 'content-type': 'application/json' } },
          body: Buffer.from('{"delivery":1}'),
          oidcToken: { serviceAccountEmail, audience: url },
        },
      },
    });
    await cloud.settle();
    const letters = await list();
    assert.deepEqual(letters.map(({ what }) => what).sort(), ['run.completed', 'task broken']);
    assert.match(letters.find(({ what }) => what === 'run.completed')?.reason ?? '', /not JSON/);
    assert.deepEqual((await list()).map(({ id }) => id).sort(), letters.map(({ id }) => id).sort());
    const [{ id = '' } = {}, ...others] = letters;
    assert.match((await virtuoso('drop', id)).out, /1 dead letter dropped/);
    assert.deepEqual(
      (await list()).map((letter) => letter.id),
      others.map((letter) => letter.id),
    );
    assert.equal((await virtuoso('drop', 'all')).code, 0);
    assert.deepEqual(await list(), []);
  });

  it('sends an event again to where it was for', async () => {
    const { body } = await suite.call('POST', '/v1/webhooks', { url: endpoint.url });
    const { id: webhook_id } = body as { id: string };
    const event = toCloudEvent({
      ...{ type: 'webhook.ping', key: ['1'], subject: `webhooks/${webhook_id}`, time: new Date() },
      data: { user_id: 'usr_bootstrap', webhook_id },
    });
    await bury(JSON.stringify(event), { type: event.type, CloudPubSubDeadLetterSourceDeliveryCount: '5' });
    const [letter] = await list();
    assert.equal(letter?.reason, 'not taken in 5 attempts');
    const { code, out } = await virtuoso('replay', letter?.id ?? '');
    assert.equal(code, 0);
    assert.match(out, /1 dead letter sent again/);
    await suite.cloud.settle();
    assert.deepEqual(
      endpoint.got.map(({ headers }) => headers['webhook-id']),
      [event.id],
    );
    assert.deepEqual(await list(), []);
  });

  it('puts a task on its queue again', async () => {
    const [, deliveryId] = await delivered();
    const payload = { delivery_id: deliveryId, attempt: 1, again: true };
    await bury(JSON.stringify(payload), { queue: 'webhook-delivery', function: 'deliver-webhook', task: 'one' });
    assert.equal((await virtuoso('replay', 'all')).code, 0);
    await suite.until<{ attempts: unknown[] }>(`deliveries/${deliveryId}`, ({ attempts }) => attempts.length === 2);
  });

  it('tells a function of a change of a document or an object again', async () => {
    const { kept } = keeper;
    const test = await suite.upload('dead.yaml', 'name: Dead\nsteps: [{ comment: A }]\n');
    await suite.cloud.settle();
    const event = kept().find(({ function: name }) => name === 'import-test');
    assert.ok(event);
    await suite.google.firestore.doc(`tests/${test}`).delete();
    await bury(Buffer.from(event.body), {
      ...{ ...event.headers, CloudPubSubDeadLetterSourceDeliveryCount: '5' },
      CloudPubSubDeadLetterSourceSubscription: 'eventarc-us-central1-import-test-sub-123',
    });
    const { code, err } = await virtuoso('replay', '--what', 'google.cloud.storage.*');
    assert.equal(code, 0, err);
    await suite.until<{ name: string }>(`tests/${test}`, ({ name }) => name === 'Dead');
    assert.deepEqual(await list(), []);
  });

  it('lists, replays and drops by what it was, what gave it up and why', async () => {
    const letters = [
      { type: 'run.started', dead_letter_reason: 'it was too late' },
      { type: 'run.completed', dead_letter_reason: 'it is not JSON' },
      { queue: 'webhook-delivery', function: 'deliver-webhook', task: 'one', dead_letter_reason: 'not JSON either' },
    ];
    for (const attributes of letters) await bury('{', attributes as Record<string, string>);
    const found = async (...args: string[]) =>
      (JSON.parse((await virtuoso('list', '--json', ...args)).out) as Shown[]).map(({ what }) => what).sort();
    assert.deepEqual(await found('--what', 'run.*'), ['run.completed', 'run.started']);
    assert.deepEqual(await found('--reason', 'JSON'), ['run.completed', 'task one']);
    assert.deepEqual(await found('--what', '*', '--from', 'webhook-delivery'), ['task one']);
    assert.deepEqual(await found('--what', 'run'), []);
    assert.match((await virtuoso('drop', '--reason', 'JSON')).out, /2 dead letters dropped/);
    assert.deepEqual(await found(), ['run.started']);
    await virtuoso('drop', 'all');
  });

  it('alerts: an error in the log and an event', async () => {
    await bury('{}', { type: 'run.completed', dead_letter_reason: 'alerting' });
    await suite.cloud.settle();
    const line = await suite.logged(({ severity, message }) => severity === 'ERROR' && /alerting/.test(message));
    assert.equal(line.function, 'on-dead-letter');
    await virtuoso('drop', 'all');
  });

  it('says what cannot be sent again, and keeps it', async () => {
    await bury('{}', { 'ce-type': 'google.cloud.storage.object.v1.finalized' });
    const { code, err } = await virtuoso('replay', 'all');
    assert.equal(code, 1);
    assert.match(err, /nobody any more who is told of google.cloud.storage.object.v1.finalized/);
    assert.equal((await list()).length, 1);
    await virtuoso('drop', 'all');
  });

  it('refuses what it does not know', async () => {
    for (const [args, says] of [
      [['burn'], /'burn' is not one of list, replay, drop/],
      [['replay'], /Name what to replay/],
      [['drop', 'abc'], /no dead letter abc/],
    ] as const) {
      const { code, err } = await virtuoso(...args);
      assert.equal(code, 2);
      assert.match(err, says);
    }
  });

  /** A delivery that was made: of which webhook, and its id. */
  async function delivered(): Promise<[string, string]> {
    const { id } = (await suite.call('POST', '/v1/webhooks', { url: endpoint.url })).body as { id: string };
    const { body } = await suite.call('POST', `/v1/webhooks/${id}/ping`);
    const { deliveryId } = body as { deliveryId: string };
    await suite.until<{ status: string }>(`deliveries/${deliveryId}`, ({ status }) => status === 'delivered');
    return [id, deliveryId];
  }
});
