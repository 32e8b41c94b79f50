import assert from 'node:assert/strict';
import { type Command, liveClient } from './live-client.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** A live session that is changed while it is open. */
export function liveChanges(suite: () => SuiteCloud): void {
  const { open, passes, send, close } = liveClient(suite, () => 'http://127.0.0.1:9');

  it('runs what is sent from then on as it was changed, and has its commands in checkpoints', async () => {
    const { call } = suite();
    const id = await open({ name: 'First' });
    await passes(id, { command: 'misc.comment', text: 'One' });
    const began = await call('POST', `/v1/sessions/${id}/checkpoints`, { name: 'Pay' });
    assert.equal(began.status, 201, JSON.stringify(began.body));
    const { etag } = Object.fromEntries((await call('GET', `/v1/sessions/${id}`)).headers);
    const change = { name: 'Second', config: { timeout: 300 } };
    const changed = await call('PATCH', `/v1/sessions/${id}`, change, { 'if-match': etag ?? '' });
    assert.deepEqual([changed.status, (changed.body as { name: string }).name], [200, 'Second']);
    assert.equal((await call('PATCH', `/v1/sessions/${id}`, change, { 'if-match': etag ?? '' })).status, 412);
    assert.equal((await call('PATCH', `/v1/sessions/${id}`, { config: { viewport: null } })).status, 400);
    const { body } = await send(id, { command: 'assert.visible', target: 'Nowhere' });
    const { status, result } = body as Command & { result: { durationMs: number } };
    assert.equal(status, 'failed');
    assert.ok(result.durationMs < 10_000, 'it was waited for as long as before');
    const { items } = (await call('GET', `/v1/sessions/${id}/checkpoints`)).body as {
      items: Record<string, unknown>[];
    };
    assert.deepEqual(
      items.map(({ name, from, status }) => [name, from, status]),
      [
        ['Start', 1, 'passed'],
        ['Pay', 2, 'failed'],
      ],
    );
    await close(id);
  });
}
