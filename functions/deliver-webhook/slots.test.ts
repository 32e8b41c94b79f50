import assert from 'node:assert/strict';
import { createSlots } from './slots.ts';

describe('the slots of an endpoint', () => {
  it('are so many, and free again one by one', () => {
    const slots = createSlots(2);
    const [one, two] = [slots.take('a'), slots.take('a')];
    assert.ok(one && two);
    assert.equal(slots.take('a'), undefined);
    one();
    assert.ok(slots.take('a'));
    assert.equal(slots.take('a'), undefined);
  });

  it('are its own', () => {
    const slots = createSlots(1);
    assert.ok(slots.take('a'));
    assert.ok(slots.take('b'));
  });
});
