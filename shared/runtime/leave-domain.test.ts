import assert from 'node:assert/strict';
import domain from 'node:domain';
import { outsideDomain } from './leave-domain.ts';

describe('a listener outside the domain', () => {
  const current = () => (domain as unknown as { active?: unknown }).active ?? undefined;
  const result = (listener: () => Promise<unknown>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      domain.create().run(() => process.nextTick(() => listener().then(resolve, reject)));
    });

  it('has none, nor has what it waits for', async () => {
    const seen = async () => {
      const first = current();
      await new Promise((resolve) => setImmediate(resolve));
      return [first, current()];
    };
    assert.ok(
      (await result(async () => [current()]).then((found) => (found as unknown[])[0])) instanceof domain.Domain,
    );
    assert.deepEqual(await result(outsideDomain(seen)), [undefined, undefined]);
  });

  it('is given what it is called with, and its result is given back', () => {
    assert.equal(outsideDomain((a: number, b: number) => a - b)(5, 3), 2);
  });
});
