import assert from 'node:assert/strict';
import { LocalClock } from '../plumbing/clock.ts';
import { type Delivery, DeliveryChaos } from './deliveries.ts';
import { type ChaosSettings, calm } from './settings.ts';

const deliveryOf = (id: number, attempt = 0): Delivery => ({ kind: 'event', target: 'watcher', id: `${id}`, attempt });

describe('chaos of deliveries', () => {
  const clock = new LocalClock();
  after(() => clock.close());
  const chaosOf = (settings: Partial<ChaosSettings>) => {
    const made: { fault: string; id: string; target: string }[] = [];
    const tell = (fault: string, { id, target }: Readonly<Record<string, unknown>>) =>
      void made.push({ fault, id: String(id), target: String(target) });
    const chaos = new DeliveryChaos({ settings: { ...calm, ...settings }, clock, made: tell });
    return { chaos, made };
  };
  const all = { duplicate: 0.2, reorder: 0.2, dropAck: 0.1, killInstance: 0.1, delay: [0, 5] as const };

  it('makes the same faults again, whatever the deliveries are called', async () => {
    const run = async (seed: number, ids: readonly number[]) => {
      const { chaos, made } = chaosOf({ ...all, seed });
      const positions = new Map(ids.map((id, position) => [String(id), position]));
      await Promise.allSettled(ids.map((id) => chaos.deliver(deliveryOf(id), async () => 200)));
      return made.map(({ fault, id }) => `${fault} ${positions.get(id)}`).sort();
    };
    const ids = Array.from({ length: 60 }, (_, index) => index);
    const first = await run(42, ids);
    assert.ok(first.length > 15, `${first.length}`);
    const others = ids.map((id) => 1000 - id);
    assert.deepEqual(await run(42, others), first);
    assert.notDeepEqual(await run(43, ids), first);
  });

  it('makes the same faults of what one function is brought, whatever others are', async () => {
    const run = async (targets: readonly string[]) => {
      const { chaos, made } = chaosOf({ ...all, seed: 42 });
      const deliveries = targets.map((target, id) => ({ ...deliveryOf(id), target }));
      await Promise.allSettled(deliveries.map((delivery) => chaos.deliver(delivery, async () => 200)));
      return made.filter(({ target }) => target === 'watcher').map(({ fault }) => fault);
    };
    const watched = Array.from({ length: 60 }, () => 'watcher');
    const sorted = async (targets: readonly string[]) => (await run(targets)).sort();
    assert.deepEqual(await sorted(watched.flatMap((target) => ['other', target])), await sorted(watched));
  });

  it('brings twice what is duplicated, and answers with the first answer', async () => {
    const { chaos } = chaosOf({ duplicate: 1 });
    let count = 0;
    for (const id of [1, 2, 3, 4]) assert.equal(await chaos.deliver(deliveryOf(id), async () => ++count), 2 * id - 1);
    assert.equal(count, 8);
  });

  it('answers as if nobody had when the acknowledgement is dropped; the fourth attempt goes through', async () => {
    const { chaos } = chaosOf({ dropAck: 1 });
    for (const attempt of [0, 1, 2]) {
      const answer = chaos.deliver(deliveryOf(1, attempt), async () => 200);
      await assert.rejects(answer, { status: 503, message: 'chaos: its acknowledgement was dropped' });
    }
    assert.equal(await chaos.deliver(deliveryOf(1, 3), async () => 200), 200);
  });

  it('holds one back until another has overtaken it', async () => {
    const { chaos } = chaosOf({ reorder: 0.5, seed: 3 });
    const order: number[] = [];
    const ids = Array.from({ length: 20 }, (_, index) => index);
    const send = async (id: number) => chaos.deliver(deliveryOf(id), async () => order.push(id));
    const sent: Promise<number>[] = [];
    for (const id of ids) {
      sent.push(send(id));
      await new Promise(setImmediate);
    }
    clock.advance(1000);
    await Promise.all(sent);
    assert.notDeepEqual(order, ids);
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      ids,
    );
  });

  it('says when the instance is to die: within about two seconds', async () => {
    const { chaos } = chaosOf({ killInstance: 1 });
    const times = await Promise.all(
      Array.from({ length: 50 }, (_, id) => chaos.deliver(deliveryOf(id), async (ms) => ms ?? Number.NaN)),
    );
    assert.ok(times.every((ms) => ms >= 1 && ms <= 2048));
    assert.ok(Math.min(...times) < 20 && Math.max(...times) > 500);
  });
});
