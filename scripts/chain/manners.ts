import assert from 'node:assert/strict';
import type { SuiteCloud } from './suite-cloud.ts';

/** How the API behaves towards clients that repeat themselves. */
export function manners(suite: () => SuiteCloud): void {
  const webhook = { url: 'http://127.0.0.1:9/', events: ['run.completed'] };
  const create = (key: string, body: object = webhook) =>
    suite().call('POST', '/v1/webhooks', body, { 'idempotency-key': key });
  const webhooks = async () => ((await suite().call('GET', '/v1/webhooks')).body as { items: unknown[] }).items.length;

  it('many requests with one key at once do one thing; each is told the same, or to come again', async () => {
    const before = await webhooks();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('at-once')));
    assert.equal(await webhooks(), before + 1);
    for (const { status } of answers) assert.ok(status === 201 || status === 409, String(status));
    const again = await create('at-once');
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    for (const { status, body } of answers) if (status === 201) assert.deepEqual(body, again.body);
    const { id } = again.body as { id: string };
    await suite().call('DELETE', `/v1/webhooks/${id}`);
  });

  it('a key stands for one request: another body is refused', async () => {
    const { id } = (await create('one-request')).body as { id: string };
    const { status } = await create('one-request', { ...webhook, events: ['*'] });
    assert.equal(status, 422);
    await suite().call('DELETE', `/v1/webhooks/${id}`);
  });

  it('a path that nobody has is a problem like any other: with its instance, its request and what browsers need', async () => {
    for (const path of ['/nowhere', '/v1/webhooks/', '/v1/runs/run_1/nothing']) {
      const { status, body, headers } = await suite().call('GET', path, undefined, { 'x-request-id': 'req-1' });
      const detail = 'There is no such resource.';
      const type = 'https://virtuoso.dev/problems/not-found';
      assert.deepEqual([status, headers.get('x-request-id')], [404, 'req-1']);
      assert.deepEqual(body, { type, title: 'Not found', status, detail, instance: path, requestId: 'req-1' });
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    }
  });

  it('a GET that brings what it has is spared the rest', async () => {
    const { headers } = await suite().call('GET', '/v1/webhooks');
    const { status } = await suite().call('GET', '/v1/webhooks', undefined, {
      'if-none-match': headers.get('etag') ?? '',
    });
    assert.equal(status, 304);
  });
}
