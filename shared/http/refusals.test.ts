import assert from 'node:assert/strict';
import { eventData } from '../../schemas/events.ts';
import { AppError } from '../platform/errors.ts';
import { NOON } from '../platform/testing.ts';
import type { AnsweredRequest } from './record-requests.ts';
import { createRefusals, MOST_KINDS, MOST_SINGLE, type Refusal, refusalOf } from './refusals.ts';

describe('requests that are not let in', () => {
  const denied: Refusal = { type: 'auth.denied', reason: 'unauthenticated' };
  const limited: Refusal = { type: 'rate_limit.exceeded', limit: 'run' };
  const refused = (given: Partial<AnsweredRequest> = {}, refusal: Refusal = denied) => ({
    ...{ id: 'req_1', userId: 'anonymous', function: 'runs', route: '/v1/runs', method: 'POST', path: '/v1/runs' },
    ...{ status: 401, startedAt: NOON, address: '203.0.113.9', userAgent: 'curl', ...given },
    refusal,
  });

  it('are one event a kind, with how many there were and when', () => {
    const refusals = createRefusals('i');
    for (let i = 0; i < 3; i++) refusals.note(refused({ startedAt: NOON + i * 1000 }));
    refusals.note(refused({ userId: 'usr_1' }, { type: 'auth.denied', reason: 'permission-denied' }));
    refusals.note(refused({ userId: 'usr_1', status: 429 }, limited));
    const events = refusals.take().map(({ event }) => event);
    for (const { type, data } of events) assert.deepEqual(eventData[type].problems(data), []);
    const said = events.map(({ type, data }) => {
      const { user_id, reason, limit, count } = data as Record<string, unknown>;
      return [type, user_id, reason ?? limit, count];
    });
    assert.deepEqual(said, [
      ['auth.denied', 'anonymous', 'unauthenticated', 3],
      ['auth.denied', 'usr_1', 'permission-denied', 1],
      ['rate_limit.exceeded', 'usr_1', 'run', 1],
    ]);
    const [first] = events as { data: { first_at: string; last_at: string } }[];
    assert.deepEqual(
      [first?.data.first_at, first?.data.last_at],
      [...[new Date(NOON).toISOString(), new Date(NOON + 2000).toISOString()]],
    );
    assert.deepEqual(refusals.take(), []);
  });

  it('are a bounded number of events, whatever is sent, and all are counted', () => {
    const refusals = createRefusals('i');
    let single = 0;
    for (let i = 0; i < 10_000; i++) {
      const kind = i % 2 ? denied : limited;
      if (refusals.note(refused({ address: `2001:db8::${i.toString(16)}`, route: `/v1/${i}` }, kind))) single++;
    }
    assert.equal(single, MOST_SINGLE);
    const events = refusals.take();
    assert.equal(events.length, 2 * (MOST_KINDS + 1));
    const counts = events.map(({ event }) => (event.data as { count: number }).count);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      10_000,
    );
    for (const { event } of events) assert.deepEqual(eventData[event.type].problems(event.data), []);
    const others = events.filter(({ event }) => (event.data as { route: string }).route === 'various');
    assert.equal(others.length, 2);
    assert.equal(new Set(events.map(({ event }) => JSON.stringify(event.key))).size, events.length);
  });

  it('are known by their errors', () => {
    assert.deepEqual(refusalOf(new AppError('unauthenticated', 'x')), denied);
    const headers = { 'ratelimit-policy': '"run";q=5;w=60' };
    assert.deepEqual(refusalOf(new AppError('rate-limited', 'x', { headers })), limited);
    assert.deepEqual(refusalOf(new AppError('rate-limited', 'x')), { ...limited, limit: 'other' });
    assert.equal(refusalOf(new AppError('not-found', 'x')), undefined);
  });
});
