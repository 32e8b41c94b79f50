import assert from 'node:assert/strict';
import { createSlots } from './slots.ts';

describe('the slots of an endpoint or a user', () => {
  it('are so many, and free again one by one', () => {
    const slots = createSlots({ endpoint: 2, user: 5 });
    const [one, two] = [slots.take('endpoint', 'a'), slots.take('endpoint', 'a')];
    assert.ok(one && two);
    assert.equal(slots.take('endpoint', 'a'), undefined);
    one();
    assert.ok(slots.take('endpoint', 'a'));
    assert.equal(slots.take('endpoint', 'a'), undefined);
  });

  it('are its own', () => {
    const slots = createSlots({ endpoint: 1, user: 1 });
    for (const [kind, id] of [
      ['endpoint', 'a'],
      ['endpoint', 'b'],
      ['user', 'a'],
    ] as const)
      assert.ok(slots.take(kind, id));
  });
});
