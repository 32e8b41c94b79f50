import assert from 'node:assert/strict';
import { type Entry, Line } from './line.ts';

const ALL = { messages: 100, bytes: 1000 };

function entry(id: number, orderingKey = '', bytes = 1): Entry {
  return { id, orderingKey, bytes, published: 0, attempts: 0, due: 0, gone: false, lease: undefined };
}

function lineOf(ordered: boolean, ...entries: Entry[]): Line {
  const line = new Line(ordered);
  for (const each of entries) line.add(each, 0);
  return line;
}

const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id);

describe('the line of a subscription', () => {
  it('gives out the oldest first, as many as there is room for', () => {
    const line = lineOf(false, entry(3), entry(1), entry(2, '', 999), entry(4));
    assert.deepEqual(ids(line.take(0, { messages: 2, bytes: 1000 }, true)), [1, 2]);
    assert.deepEqual(ids(line.take(0, ALL, true)), [3, 4]);
    assert.equal(line.hasNext(0), false);
  });

  it('gives out one message even if it is larger than the room', () => {
    const line = lineOf(false, entry(1, '', 5000), entry(2));
    assert.deepEqual(ids(line.take(0, ALL, true)), [1]);
  });

  it('keeps what is due later', () => {
    const late = Object.assign(entry(1), { due: 500 });
    const line = lineOf(false, late, entry(2));
    assert.deepEqual(ids(line.take(0, ALL, true)), [2]);
    assert.equal(line.nextDue(), 500);
    assert.deepEqual(ids(line.take(500, ALL, true)), [1]);
  });

  it('skips what was acknowledged while it waited', () => {
    const [first, second, third] = [entry(1, 'k'), entry(2, 'k'), entry(3, 'k')];
    const line = lineOf(true, first, second, third);
    line.done(first, 0);
    line.done(second, 0);
    assert.deepEqual(ids(line.take(0, ALL, true)), [3]);
  });

  it('has one message of a key out at a time when they may not go together', () => {
    const [first, second] = [entry(1, 'k'), entry(2, 'k')];
    const line = lineOf(true, first, second, entry(3, 'other'), entry(4));
    assert.deepEqual(ids(line.take(0, ALL, false)), [1, 3, 4]);
    line.done(first, 0);
    assert.deepEqual(ids(line.take(0, ALL, false)), [2]);
  });

  it('takes the later messages of a key back with the one that failed', () => {
    const entries = [entry(1, 'k'), entry(2, 'k'), entry(3, 'k')];
    const line = lineOf(true, ...entries);
    const [first, second, third] = line.take(0, ALL, true);
    assert.ok(first && second && third);
    second.due = 100;
    assert.deepEqual(ids(line.back(second, 0)), [3]);
    assert.equal(line.hasNext(0), false);
    line.done(first, 0);
    assert.equal(line.hasNext(50), false);
    assert.deepEqual(ids(line.take(100, ALL, true)), [2, 3]);
  });
});
