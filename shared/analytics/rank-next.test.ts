import assert from 'node:assert/strict';
import type { Suggestion } from '../../schemas/live.ts';
import { learnNextCommands } from './next-commands.ts';
import { namesOf, rankNext, rankSteps } from './rank-next.ts';

const next = learnNextCommands(
  [
    ['', '', 'navigate.to', 10],
    ['', 'navigate.to', 'interact.write', 10],
    ['navigate.to', 'interact.write', 'interact.click', 12],
    ['interact.write', 'interact.click', 'assert.exists', 12],
  ],
  87,
);
const offer = (command: string, target: string, score: number): Suggestion => ({
  step: { command, target },
  score,
  reason: '',
});
const page = [
  offer('interact.write', 'Name', 0.9),
  offer('interact.click', 'Buy', 0.75),
  offer('interact.click', 'Help', 0.35),
  offer('interact.check', 'News', 0.45),
];
const before = ['navigate.to', 'interact.write'];

describe('what comes next on a page', () => {
  it('has the same steps in the same order, whether they are asked for or their commands', () => {
    for (const done of [[], ['navigate.to'], before, ['interact.write', 'interact.click'], ['no', 'such']]) {
      const steps = rankSteps(page, done, next);
      const commands = rankNext(done, next, 20, page).filter((one) => one.steps.length > 0);
      assert.deepEqual(new Set(commands.map(({ command }) => command)), new Set(page.map(({ step }) => step.command)));
      for (const one of commands)
        assert.deepEqual(
          one.steps,
          steps.filter(({ step }) => step.command === one.command),
        );
    }
  });

  it('is a command that habit makes likely, before one that the page alone speaks for', () => {
    const [first] = rankNext(before, next, 1, page);
    assert.equal(first?.command, 'interact.click');
    assert.equal(rankSteps(page, [], next)[0]?.step.command, 'interact.write');
  });

  it('is rather what the page offers a good step for', () => {
    const likely = (score: number) =>
      rankNext([], next, 20, [offer('interact.write', 'Name', 0.5), offer('interact.click', 'Buy', score)]).find(
        ({ command }) => command === 'interact.click',
      )?.probability ?? 0;
    assert.ok(likely(0.9) > likely(0.5) && likely(0.5) > likely(0.1));
  });

  it('is what the page says, where nothing is known', () => {
    const nothing = learnNextCommands([], 87);
    assert.deepEqual(
      rankSteps(page, before, nothing),
      page.toSorted((a, b) => b.score - a.score),
    );
    assert.deepEqual(
      rankNext(before, nothing, 5, page).map(({ command }) => command),
      ['interact.write', 'interact.click', 'interact.check'],
    );
  });

  it('has odds that rise as a command comes more often than usually', () => {
    const [first] = rankSteps([offer('interact.click', 'Buy', 0.5)], before, next);
    const lift = Math.sqrt(next.probability('interact.click', before) / next.usual('interact.click'));
    assert.ok(lift > 1.5);
    assert.ok(Math.abs((first?.score ?? 0) - lift / (1 + lift)) < 1e-4);
  });

  it('is as likely in all as without a page, and commands that it does not offer are so each', () => {
    const without = rankNext(before, next, 87);
    const withPage = rankNext(before, next, 87, page.slice(0, 3));
    const total = (list: readonly { probability: number }[]) => list.reduce((sum, one) => sum + one.probability, 0);
    assert.ok(Math.abs(total(without) - total(withPage)) < 1e-9);
    const exists = (list: typeof without) => list.find(({ command }) => command === 'assert.exists')?.probability;
    assert.equal(exists(withPage), exists(without));
  });

  it('is of certain steps too', () => {
    const [one, two] = rankSteps([offer('dialog.alert', 'x', 1), offer('interact.click', 'y', 0)], [], next);
    assert.ok((one?.score ?? 0) > 0.9 && (two?.score ?? 1) < 0.1);
  });

  it('comes after what was done, not after what was skipped', () => {
    const step = { command: 'interact.click', target: 'Buy' };
    assert.deepEqual(namesOf([{ step, status: 'passed' }, { step, status: 'skipped' }, { status: 'passed' }]), [
      'interact.click',
    ]);
  });
});
