import assert from 'node:assert/strict';
import type { DeliveryEntity } from '../../schemas/entities.ts';
import { type Accounts, compare } from './compare.ts';
import { fare } from './fairness.ts';
import type { Received } from './receivers.ts';
import { simulate } from './simulate.ts';

describe('deliveries to endpoints that fail, by a deliverer that is killed', function () {
  this.timeout(180_000);

  it('arrive, each at each endpoint, under its id, and not again when that is recorded', async () => {
    const { violations, counts } = await simulate({
      ...{ seed: 20_260_304, deliveries: 60, endpoints: 3, kills: 2, failures: 0.2 },
    });
    assert.deepEqual(violations, []);
    assert.equal(counts.deliveries, 60);
    assert.ok((counts['failed on purpose'] ?? 0) > 0);
    assert.ok((counts['under way at a kill'] ?? 0) > 0);
  });
});

describe('a user with many endpoints', function () {
  this.timeout(180_000);

  it('does not keep those of another user waiting', async () => {
    const { beside, othersBefore } = await fare(300, 3);
    assert.equal(beside.length, 3);
    // None of the many has answered, and most of them are still waiting for their turn.
    assert.ok(othersBefore > 0 && othersBefore < 300, `${othersBefore} of 300 came first`);
  });
});

describe('the comparison of the log with what endpoints saw', () => {
  const attempt = (status: number | null) => ({ at: new Date(0), status, duration_ms: 1, error: null });
  const request = (answered: number | null, given: Partial<Received> = {}): Received => ({
    ...{ endpoint: 0, id: 'evt_1', signature: `v1,${Math.random()}`, answered, at: 0 },
    ...given,
  });
  const logged = (statuses: (number | null)[], given: Partial<DeliveryEntity> = {}) =>
    ({
      ...{ webhook_id: 'whk_1', event_id: 'evt_1', status: 'delivered', attempts: statuses.map(attempt) },
      ...given,
    }) as DeliveryEntity;
  const compared = (log: DeliveryEntity[], received: Received[], more: Partial<Accounts> = {}) =>
    compare({ webhooks: ['whk_1'], events: ['evt_1'], log, received, killed: 0, ...more }).violations.join('\n');

  it('finds nothing where all is as it must be', () => {
    assert.equal(compared([logged([500, 204])], [request(500), request(204)]), '');
    const cut = request(null);
    assert.equal(compared([logged([204])], [cut, { ...cut, answered: 204 }]), '');
    assert.equal(compared([logged([204])], [request(204), request(204)], { killed: 1 }), '');
  });

  for (const [what, log, received, says] of [
    ['is not in the log', [], [request(204)], /log does not have it/],
    ['is pending', [logged([500], { status: 'pending' })], [request(500)], /is pending after 1 attempts/],
    ['never arrived', [logged([204])], [], /never took it/],
    ['came again after it was delivered', [logged([204])], [request(204), request(204, { at: 10 })], /came again/],
    ['was delivered twice', [logged([204, 204])], [request(204), request(204)], /2 successes/],
    [
      'has another story in the log',
      [logged([503, 204])],
      [request(500), request(204)],
      /503, 204; the endpoint: 500, 204/,
    ],
    [
      'came more often than the log knows',
      [logged([204])],
      [request(500), request(204)],
      /1 requests are not in the log/,
    ],
    ['came under another id', [logged([204])], [request(204), request(204, { id: 'evt_2' })], /nobody asked for it/],
  ] as const) {
    it(`tells of a delivery that ${what}`, () => assert.match(compared([...log], [...received]), says));
  }
});
