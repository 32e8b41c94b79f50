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
    const change = (more: object) => suite.call('PATCH', `/v1/hooks/${id}`, more);
    assert.equal((await change({ active: false })).status, 200);
    assert.equal((await send(id, body, headers)).status, 404);
    assert.equal((await change({ active: true, events: ['released'] })).status, 200);
    assert.deepEqual((await send(id, body, headers)).body, { started: false });
    assert.deepEqual(((await change({ events: null })).body as { events: string[] }).events, []);
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
    const commit = { repository: 'acme/shop', sha: '4f1c0a9e22b7c9d0e1f2a3b4c5d6e7f8a9b0c1d2', ref: 'refs/heads/main' };
    const url = `https://github.com/${commit.repository}/commit/${commit.sha}`;
    const repository = { full_name: commit.repository, html_url: 'https://github.com/acme/shop' };
    const { status, body } = await push('push', JSON.stringify({ ref: commit.ref, after: commit.sha, repository }));
    assert.equal(status, 202);
    const { runId } = body as Taken;
    assert.equal((await suite.ended(runId)).status, 'passed');
    const told = { ...commit, sender: 'github', url };
    assert.deepEqual((await suite.run(runId)).commit, told);
    assert.deepEqual((await suite.reportOf(runId)).run.commit, told);
    const checks = ((await suite.call('GET', `/v1/runs/${runId}`)).body as { commit: object }).commit;
    assert.deepEqual(checks, told);
    const rerun = (await suite.call('POST', `/v1/runs/${runId}/rerun`, {})).body as { id: string };
    await suite.ended(rerun.id);
    assert.deepEqual((await suite.run(rerun.id)).commit, told, 'what runs again is for the same commit');
    const { items } = (await suite.call('GET', '/v1/hooks')).body as { items: { id: string }[] };
    assert.deepEqual(
      items.map((hook) => hook.id),
      [id],
    );
  });
});
