import assert from 'node:assert/strict';
import sinon from 'sinon';
import { readTogether } from './read-together.ts';

describe('documents that are read together', () => {
  const refs = (count: number) => Array.from({ length: count }, (_, n) => ({ path: `runs/run_${n}` }));
  function bench(getAll = sinon.stub().callsFake(async (...asked: unknown[]) => asked.map((ref) => ({ of: ref })))) {
    const firestore = { getAll };
    const read = (ref: object) => readTogether(firestore as never, ref as never) as Promise<unknown>;
    return { getAll, read };
  }

  it('are those of one turn, in one request, each given to who asked for it', async () => {
    const { getAll, read } = bench();
    const [first, second] = refs(2) as [object, object];
    assert.deepEqual(await Promise.all([read(first), read(second)]), [{ of: first }, { of: second }]);
    assert.deepEqual(getAll.args, [[first, second]]);
    await read(first);
    assert.deepEqual(getAll.args[1], [first]);
  });

  it('are read in several requests when they are many', async () => {
    const { getAll, read } = bench();
    const all = refs(120);
    assert.deepEqual(
      await Promise.all(all.map(read)),
      all.map((ref) => ({ of: ref })),
    );
    assert.deepEqual(
      getAll.args.map(({ length }) => length),
      [50, 50, 20],
    );
  });

  it('are read of the database that each is of', async () => {
    const [one, other] = [bench(), bench()];
    const [first, second] = refs(2) as [object, object];
    await Promise.all([one.read(first), other.read(second)]);
    assert.deepEqual([one.getAll.args, other.getAll.args], [[[first]], [[second]]]);
  });

  it('fail together', async () => {
    const { read } = bench(sinon.stub().rejects(new Error('UNAVAILABLE')));
    const outcomes = await Promise.allSettled(refs(2).map(read));
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).message),
      ['UNAVAILABLE', 'UNAVAILABLE'],
    );
  });
});
