import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type SuiteCloud, startSuite } from './suite-cloud.ts';

interface Taken {
  readonly started: boolean;
  readonly runId: string;
}

describe('hooks on the local cloud', function () {
  this.timeout(120_000);
  let suite: SuiteCloud;
  let test: string;
  before(async () => {
    suite = await startSuite();
    test = await suite.upload('hooked.yaml', 'name: Hooked\nsteps: [{ comment: Nothing to do }]\n');
  });
  after(async () => {
    await suite?.close();
  });

  async function make(sender: string, more: object = {}): Promise<{ id: string; secret: string }> {
    const { status, body } = await suite.call('POST', '/v1/hooks', { name: 'A', sender, tests: [test], ...more });
    assert.equal(status, 201, JSON.stringify(body));
    return body as { id: string; secret: string };
  }
  /** As a sender does, which has no key of the API. */
  const send = (id: string, body: string, headers: Record<string, string>) =>
    suite.call('POST', `/v1/hooks/${id}`, body, { 'content-type': 'application/json', 'x-api-key': '', ...headers });

  it('start a run for a sender whose signature holds, once', async () => {
    const { id, secret } = await make('generic');
    const body = '{"type":"deployed"}';
    const now = new Date();
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', now, body),
    };
    assert.equal((await send(id, `${body} `, headers)).status, 404);
    const first = await send(id, body, headers);
    assert.equal(first.status, 202, JSON.stringify(first.body));
    const { runId } = first.body as Taken;
    assert.equal((await suite.ended(runId)).status, 'passed');
    assert.deepEqual((await send(id, body, headers)).body, { started: false, runId });
    assert.equal((await suite.run(runId)).trigger, 'event');
    assert.equal((await suite.call('DELETE', `/v1/hooks/${id}`)).status, 204);
    assert.equal((await send(id, body, headers)).status, 404);
  });

  it('take what GitHub sends', async () => {
    const { id, secret } = await make('github', { events: ['push'] });
    const push = (event: string, body: string) =>
      send(id, body, {
        'x-github-event': event,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      });
    assert.deepEqual((await push('ping', '{"zen":"A"}')).body, { started: false });
    const { status, body } = await push('push', '{"ref":"refs/heads/main"}');
    assert.equal(status, 202);
    assert.equal((await suite.ended((body as Taken).runId)).status, 'passed');
    const { items } = (await suite.call('GET', '/v1/hooks')).body as { items: { id: string }[] };
    assert.deepEqual(
      items.map((hook) => hook.id),
      [id],
    );
  });
});
