import assert from 'node:assert/strict';
import type { OpenSuite } from './behaviour.ts';
import { checkSuite } from './check-suite.ts';
import { report } from './report.ts';

const target = { kind: 'endpoint', endpoint: '127.0.0.1:1', project: 'p', region: 'r' } as const;

describe('the check of a suite', () => {
  it('tells which behaviours hold and what the others failed with, and cleans up last first', async () => {
    const cleaned: string[] = [];
    const open: OpenSuite = async (world) => {
      world.onEnd(async () => cleaned.push('first'));
      world.onEnd(async () => cleaned.push('second'));
      const behaviour = (method: string, title: string, check: () => Promise<void>) => ({ method, title, check });
      return {
        service: 'shop',
        behaviours: [
          behaviour('Buy', 'takes money', async () => {}),
          behaviour('Buy', 'gives change', async () => assert.fail('no coins')),
          behaviour('Sell', 'fails without an error', () => Promise.reject()),
        ],
      };
    };
    const outcomes = await checkSuite('shop', open, { target, grep: undefined });
    assert.deepEqual(cleaned, ['second', 'first']);
    const text = report(outcomes);
    assert.match(
      text,
      /^shop\n {2}method .*behaviours +passed +failed\n {2}Buy +2 +1 +1\n {2}Sell +1 +0 +1\n {2}all +3 +1 +2\n/,
    );
    assert.match(text, /^1\) shop Buy gives change\n +AssertionError.*no coins/m);
    assert.match(text, /^2\) shop Sell fails without an error\n +Error: It failed without an error/m);
    assert.match(text, /\n1 passed, 2 failed$/);
  });

  it('leaves out what the pattern does not match', async () => {
    const open: OpenSuite = async () => ({
      service: 'shop',
      behaviours: ['one', 'two'].map((title) => ({ method: 'Buy', title, check: async () => {} })),
    });
    const outcomes = await checkSuite('shop', open, { target, grep: /shop Buy t/ });
    assert.deepEqual(
      outcomes.map(({ title }) => title),
      ['two'],
    );
  });

  it('counts a suite that does not open, or leaves something behind, as failed', async () => {
    const open: OpenSuite = async (world) => {
      world.onEnd(async () => assert.fail('still there'));
      throw new Error('closed on Sundays');
    };
    const outcomes = await checkSuite('shop', open, { target, grep: undefined });
    assert.deepEqual(
      outcomes.map(({ title, error }) => [title, (error as Error).message]),
      [
        ['opens', 'closed on Sundays'],
        ['cleans up', 'still there'],
      ],
    );
  });
});
