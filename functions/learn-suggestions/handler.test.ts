import assert from 'node:assert/strict';
import { stub } from 'sinon';
import { withBase } from '../../shared/platform/testing.ts';
import { learnSuggestions } from './handler.ts';

describe('learn-suggestions', () => {
  it('keeps everybody’s habits together, and those of users who have been at work by themselves', async () => {
    const everybodys = [['', '', 'navigate.to', 5]];
    const own = [['', 'navigate.to', 'interact.click', 2]];
    const counts = {
      ofEverybody: stub().resolves(everybodys),
      async *ofUsers() {
        yield { userId: 'usr_1', transitions: own };
        yield { userId: 'usr_2', transitions: [] };
      },
    };
    const objects = { put: stub().resolves('1') };
    await learnSuggestions({}, withBase({ counts, objects } as never) as never);
    assert.deepEqual(
      objects.put.args.map(([name, body, { metadata }]) => [name, JSON.parse(body).transitions, metadata]),
      [
        ['suggestions/everybody.json', everybodys, {}],
        ['suggestions/usr_1/habits.json', own, { owner: 'usr_1' }],
        ['suggestions/usr_2/habits.json', [], { owner: 'usr_2' }],
      ],
    );
    const [since] = counts.ofEverybody.firstCall.args;
    assert.ok(since instanceof Date);
  });

  it('keeps what was done to what of the most frequent, and of the others which command it was', async () => {
    const often = Array.from({ length: 5000 }, (_, n) => ['', 'interact.click', 'wait.url', 9, false, '', `Row ${n}`]);
    const seldom = ['a', 'b'].map((target) => ['', 'interact.click', 'wait.url', 2, false, '', target]);
    const counts = {
      ofEverybody: stub().resolves([]),
      async *ofUsers() {
        yield {
          userId: 'usr_1',
          transitions: [...often, ...seldom, ['', 'interact.click', 'wait.url', 1, true, '', 'c']],
        };
      },
    };
    const objects = { put: stub().resolves('1') };
    await learnSuggestions({}, withBase({ counts, objects } as never) as never);
    const { transitions } = JSON.parse(objects.put.args[1]?.[1]);
    assert.deepEqual(transitions.slice(0, 5000), often);
    assert.deepEqual(transitions.slice(5000), [
      ['', 'interact.click', 'wait.url', 4, false],
      ['', 'interact.click', 'wait.url', 1, true],
    ]);
  });
});
