import assert from 'node:assert/strict';
import { LocalClock } from '../plumbing/clock.ts';
import { Turns } from './contention.ts';

describe('local firestore: turns', () => {
  let clock: LocalClock;
  let turns: Turns;
  beforeEach(() => {
    clock = new LocalClock();
    turns = new Turns(clock);
  });
  afterEach(() => clock.close());

  /** Takes a turn and says when it has it. */
  function take(owner: object, resource: string, topic = 'topic') {
    const state = { has: false };
    void turns.take(owner, resource, topic).then(() => {
      state.has = true;
    });
    return state;
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('go from one to the next in the order in which they asked', async () => {
    const [a, b, c] = [{}, {}, {}];
    const states = [take(a, 'r'), take(b, 'r'), take(c, 'r')];
    await settle();
    assert.deepEqual(
      states.map((state) => state.has),
      [true, false, false],
    );
    turns.release(a);
    await settle();
    assert.deepEqual(
      states.map((state) => state.has),
      [true, true, false],
    );
    turns.release(b);
    await settle();
    assert.ok(states[2]?.has);
  });

  it('are not waited for by one whom the owner waits for', async () => {
    const [a, b] = [{}, {}];
    take(a, 'x');
    take(b, 'y');
    const aWantsY = take(a, 'y');
    await settle();
    const bWantsX = take(b, 'x');
    await settle();
    assert.deepEqual([aWantsY.has, bWantsX.has], [false, true]);
    turns.release(b);
    await settle();
    assert.ok(aWantsY.has);
  });

  it('end after a while when the owner is stuck', async () => {
    const [a, b, c] = [{}, {}, {}];
    take(a, 'r');
    const states = [take(b, 'r'), take(c, 'r')];
    clock.advance(2_001);
    await settle();
    assert.deepEqual(
      states.map((state) => state.has),
      [true, false],
    );
    clock.advance(2_001);
    await settle();
    assert.ok(states[1]?.has);
  });

  it('are given up on a topic whose owners do not write it, until there is a conflict', async () => {
    const [a, b, c] = [{}, {}, {}];
    take(a, 'r');
    const states = [take(b, 'r'), take(c, 'r')];
    turns.release(a, new Set(['other']));
    await settle();
    assert.deepEqual(
      states.map((state) => state.has),
      [true, true],
    );
    turns.conflict('topic');
    take(a, 'r');
    const again = take(b, 'r');
    await settle();
    assert.equal(again.has, false);
    turns.release(a, new Set(['other']));
    await settle();
    const third = take(c, 'r');
    await settle();
    assert.deepEqual([again.has, third.has], [true, false]);
  });
});
