import assert from 'node:assert/strict';
import { startCloud } from '../local/cloud.ts';
import { apiOf } from './api.ts';
import { refusedSocket } from './event-sockets.ts';

describe('rate limits on the local cloud', () => {
  it('let through no more than they say, and tell the others when to come back', async function () {
    this.timeout(120_000);
    const cloud = await startCloud({ environment: { RATE_LIMIT_FACTOR: '1' } });
    try {
      const api = apiOf(cloud.origin, cloud.apiKey);
      const create = () => api.call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/' });
      const startedAt = Date.now();
      const answers = await Promise.all(Array.from({ length: 60 }, create));
      const refilled = Math.ceil((Date.now() - startedAt) / 2000);
      const made = answers.filter(({ status }) => status === 201).length;
      const refused = answers.filter(({ status }) => status === 429);
      assert.ok(made >= 1 && made <= 30 + refilled, `${made} of 30`);
      for (const { headers } of refused) assert.ok(Number(headers.get('retry-after')) >= 1);
      const { body } = await api.call('GET', '/v1/webhooks?pageSize=200');
      assert.equal((body as { items: unknown[] }).items.length, made);

      const ask = () =>
        refusedSocket(`${cloud.origin}/v1/runs/run_0/events`, { headers: { 'x-api-key': cloud.apiKey } });
      const sockets = await Promise.all(Array.from({ length: 130 }, ask));
      const late = sockets.filter(({ status }) => status === 429);
      assert.ok(late.length > 0 && late.length < 130, `${late.length} of 130 for a WebSocket were refused`);
      for (const { headers } of late) assert.ok(Number(headers.get('retry-after')) >= 1);
    } finally {
      await cloud.close();
    }
  });
});
