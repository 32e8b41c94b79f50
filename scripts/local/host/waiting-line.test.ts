import assert from 'node:assert/strict';
import type { Instance } from './instance.ts';
import { Unanswered } from './unanswered.ts';
import { WaitingLine } from './waiting-line.ts';

const instance = {} as Instance;

describe('a request that waits for a place', () => {
  let line: WaitingLine;
  let coming: boolean;
  let looked: () => void;
  const own = () => new AbortController();
  const join = (ms: number, signal = own().signal) =>
    line.join({
      ...{ signal, ms },
      isComing() {
        looked();
        return coming;
      },
      refusal: () => new Unanswered(429, 'full'),
    });
  const refusedWith = (status: number) => (error: unknown) => error instanceof Unanswered && error.status === status;

  beforeEach(() => {
    line = new WaitingLine();
    looked = () => {};
  });

  it('is refused when its patience is over and no instance is on its way', async () => {
    coming = false;
    await assert.rejects(join(1), refusedWith(429));
    assert.equal(line.size, 0);
  });

  it('waits on while an instance is on its way, however long that takes', async () => {
    coming = true;
    const times = new Promise<void>((resolve) => {
      let left = 3;
      looked = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });
    const place = join(1);
    await times;
    assert.equal(line.size, 1);
    line.serve(() => instance);
    assert.equal(await place, instance);
  });

  it('is refused when its own time is over, or was before', async () => {
    coming = true;
    const controller = own();
    const late = assert.rejects(join(60_000, controller.signal), refusedWith(504));
    controller.abort(new Unanswered(504, 'late'));
    await late;
    await assert.rejects(join(60_000, controller.signal), refusedWith(504));
    assert.equal(line.size, 0);
  });

  it('has its turn in the order of coming', async () => {
    coming = true;
    const order: string[] = [];
    const all = ['first', 'second'].map((name) => join(60_000).then(() => order.push(name)));
    const places = [instance, instance];
    line.serve(() => places.pop());
    await Promise.all(all);
    assert.deepEqual(order, ['first', 'second']);
  });
});
