import assert from 'node:assert/strict';
import type { Suggestion } from '../../schemas/live.ts';
import { type Before, learnNextCommands } from './next-commands.ts';
import { beforeNext, rankNext, rankSteps, type Told } from './rank-next.ts';

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
const having = (...commands: string[]): Before => ({ done: commands.map((command) => ({ command })) });
const before = having('navigate.to', 'interact.write');

describe('what comes next on a page', () => {
  it('has the same steps in the same order, whether they are asked for or their commands', () => {
    for (const done of [
      ...[having(), having('navigate.to'), before],
      ...[having('interact.write', 'interact.click'), having('no', 'such')],
    ]) {
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
    assert.equal(rankSteps(page, having(), next)[0]?.step.command, 'interact.write');
  });

  it('is rather what the page offers a good step for', () => {
    const likely = (score: number) =>
      rankNext(having(), next, 20, [offer('interact.write', 'Name', 0.5), offer('interact.click', 'Buy', score)]).find(
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
    const [one, two] = rankSteps([offer('dialog.alert', 'x', 1), offer('interact.click', 'y', 0)], having(), next);
    assert.ok((one?.score ?? 0) > 0.9 && (two?.score ?? 1) < 0.1);
  });
});

describe('what comes before the next command of a live session', () => {
  const step = { command: 'interact.click', target: 'Buy' };
  const told = (position: number, more: Partial<Told> = {}): Told => ({ position, step, status: 'passed', ...more });

  it('is what was done and what to, not what was skipped or only looked at', () => {
    const byRole = { command: 'interact.click', target: { role: 'button', name: '{{what}}' } };
    const { done } = beforeNext({}, [
      told(1, { step: { command: 'navigate.to' } }),
      { position: 2, status: 'passed' },
      told(3, { status: 'skipped' }),
      told(4),
      told(5, { step: byRole }),
      told(6, { result: { target: { given: 'Buy 2' } } as never }),
    ]);
    assert.deepEqual(
      done.map(({ command, target }) => `${command} ${target}`),
      ['navigate.to ', 'interact.click Buy', 'interact.click role=button name={{what}}', 'interact.click Buy 2'],
    );
  });

  it('tells where checkpoints begin, and whether one is about to', () => {
    const at = (from: number) => ({ name: `From ${from}`, from, created_at: new Date(0) });
    const begins = (...from: number[]) => {
      const looked: Told = { position: 2, status: 'passed' };
      const { done, begins: next } = beforeNext({ checkpoints: from.map(at) }, [told(1), looked, told(3), told(4)]);
      return [...done, { begins: next }].map((one) => (one.begins ? '^' : '-')).join('');
    };
    assert.equal(begins(), '^---');
    assert.equal(begins(1, 4), '^-^-');
    assert.equal(begins(2, 5), '^^-^');
  });
});
