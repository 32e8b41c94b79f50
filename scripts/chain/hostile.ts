import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Timestamp } from '@google-cloud/firestore';
import type { DeliveryEntity, WebhookEntity } from '../../schemas/entities.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import { type HostileKind, type HostileReceivers, startHostileReceivers } from './hostile-receivers.ts';
import type { SuiteCloud } from './suite-cloud.ts';

interface Expected {
  readonly status: number | null;
  readonly error: RegExp | null;
  readonly delivered?: true;
}

/** What is documented to become of a delivery's attempt. */
const expected: Readonly<Record<HostileKind, Expected>> = {
  never: { status: null, error: /No answer within 15000 ms/ },
  drip: { status: null, error: /No answer within 15000 ms/ },
  headers: { status: null, error: /Header overflow/i },
  huge: { status: 200, error: null, delivered: true },
  loop: { status: 307, error: /redirects are not followed/ },
  busy: { status: 429, error: null },
  gone: { status: 410, error: null },
  reset: { status: null, error: /ECONNRESET|socket hang up/ },
  cut: { status: null, error: /aborted|ECONNRESET/ },
  garbage: { status: null, error: /Parse Error/ },
  tls: { status: null, error: /self.signed/ },
};
const kinds = Object.keys(expected) as HostileKind[];
/** Of a body without an end, what lies in the buffers of both sides before the connection is cut. */
const MOST_TAKEN = 32 * 2 ** 20;
const MOST_GROWTH_KB = 100 * 1024;

/** Endpoints that misbehave, all at once, beside one that does not. */
export function hostile(cloud: () => SuiteCloud): void {
  describe('that misbehave', () => {
    let receivers: HostileReceivers;
    let good: Endpoint;
    const made = new Map<HostileKind | 'good', string>();
    const ended = new Map<HostileKind, DeliveryEntity>();
    let disabled: string | undefined;
    let memory: { before: number; after: number };

    before('are all sent a ping, and a good one many', async () => {
      receivers = await startHostileReceivers();
      good = await startEndpoint();
      for (const kind of kinds) made.set(kind, await make(receivers.url(kind)));
      made.set('good', await make(good.url));
      await tried(await ping('good'));
      const before = residentKb();
      const slow = await Promise.all(kinds.map(async (kind) => [kind, await ping(kind)] as const));
      await Promise.all(Array.from({ length: GOOD_PINGS }, async () => tried(await ping('good'))));
      const never = slow.find(([kind]) => kind === 'never')?.[1];
      const meanwhile = (await suite().google.firestore.doc(`deliveries/${never}`).get()).data() as DeliveryEntity;
      assert.equal(meanwhile.attempts.length, 0, 'the good one had to wait for the others');
      for (const [kind, id] of slow) ended.set(kind, await tried(id));
      memory = { before, after: residentKb() };
      const gone = await suite().until<WebhookEntity>(`webhooks/${made.get('gone')}`, ({ active }) => !active);
      disabled = gone.disabled_reason;
    });
    after(async () => {
      await receivers?.close();
      await good?.close();
    });
    const suite = cloud;
    const GOOD_PINGS = 10;

    async function make(url: string): Promise<string> {
      const { status, body } = await suite().call('POST', '/v1/webhooks', { url, events: ['test.rejected'] });
      assert.equal(status, 201, JSON.stringify(body));
      return (body as { id: string }).id;
    }
    async function ping(kind: HostileKind | 'good'): Promise<string> {
      const { body } = await suite().call('POST', `/v1/webhooks/${made.get(kind)}/ping`);
      return (body as { deliveryId: string }).deliveryId;
    }
    const tried = (id: string) =>
      suite().until<DeliveryEntity>(`deliveries/${id}`, ({ attempts }) => attempts.length > 0);
    /** Kilobytes that the deliverer's processes have in memory. */
    const residentKb = (): number =>
      suite()
        .cloud.instances()
        .filter((one) => one.function === 'deliver-webhook' && one.pid !== undefined)
        .map(({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]))
        .reduce((sum, kb) => sum + kb, 0);

    for (const kind of kinds) {
      it(`are tried once and for so long, and it is recorded what came of it: ${kind}`, () => {
        const { attempts, status } = ended.get(kind) as DeliveryEntity;
        const [attempt] = attempts;
        const { status: answered, error, delivered } = expected[kind];
        assert.equal(attempt?.status, answered, attempt?.error ?? '');
        if (error === null) assert.equal(attempt?.error, null);
        else assert.match(attempt?.error ?? '', error);
        assert.equal(status, delivered ? 'delivered' : kind === 'gone' ? 'failed' : 'pending');
      });
    }

    it('are asked nothing when they are not who they say they are, and not after a redirect', () => {
      assert.ok((receivers.got.get('/loop') ?? 0) > 0);
      assert.equal(receivers.got.get('/loop?again'), undefined);
      assert.equal(receivers.got.get('/tls'), undefined);
    });

    it('are sent nothing before the time that they ask for', () => {
      const { next_attempt_at: next, updated_at } = ended.get('busy') as DeliveryEntity;
      const wait = (next as unknown as Timestamp).toMillis() - (updated_at as unknown as Timestamp).toMillis();
      assert.ok(wait > 7_000_000 && wait <= 7_200_000, String(wait));
    });

    it('are disabled when they are gone', () => assert.match(disabled ?? '', /410 Gone/));

    it('take neither memory nor traffic beyond a bound', () => {
      assert.ok(receivers.bytesTaken() < MOST_TAKEN, `${receivers.bytesTaken()} bytes of the body without an end`);
      assert.ok(memory.after - memory.before < MOST_GROWTH_KB, `${memory.before} kB before, ${memory.after} kB after`);
    });

    it('keep nobody else waiting', () => {
      assert.equal(good.got.length, GOOD_PINGS + 1);
    });
  });
}
