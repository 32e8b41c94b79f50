import assert from 'node:assert/strict';
import { adapted, type Done, learnNextCommands, type Transition, transitionsWithin } from './next-commands.ts';
import { rankNext } from './rank-next.ts';

/** Commands that were done, what to being told after a space. */
const doing = (...steps: string[]): Done[] =>
  steps.map((step) => {
    const [command = '', ...target] = step.split(' ');
    return { command, ...(target.length > 0 ? { target: target.join(' ') } : {}) };
  });
/** The transitions of sequences of commands, as the warehouse counts them of everybody. */
const transitionsOf = (...sequences: string[][]): Transition[] =>
  sequences.flatMap((commands) =>
    commands.map((command, at): Transition => [commands[at - 2] ?? '', commands[at - 1] ?? '', command, 1, at === 0]),
  );
const LOG_IN = ['navigate.to', 'interact.write', 'interact.write', 'interact.click', 'assert.url'];
const SEARCH = ['navigate.to', 'interact.write', 'interact.key', 'assert.exists'];
const everybody = learnNextCommands(transitionsOf(LOG_IN, LOG_IN, LOG_IN, SEARCH, SEARCH), 87);
const first = (before: string[], own: Transition[] = []) =>
  rankNext({ done: doing(...before) }, adapted(everybody, own), 1)[0]?.command;

describe('the command that comes next', () => {
  it('is what mostly followed the two commands before', () => {
    assert.equal(first([]), 'navigate.to');
    assert.equal(first(['navigate.to', 'interact.write']), 'interact.write');
    assert.equal(first(['interact.write', 'interact.write']), 'interact.click');
    assert.equal(first(['x', 'y', 'interact.write', 'interact.key']), 'assert.exists');
  });

  it('is left to the last command, or to all, where the two before are not known', () => {
    assert.equal(first(['dialog.alert', 'interact.key']), 'assert.exists');
    assert.equal(first(['dialog.alert', 'dialog.alert']), 'interact.write');
  });

  it('has probabilities that sum to one over the vocabulary, whoever asks', () => {
    for (const next of [everybody, adapted(everybody, transitionsOf([...LOG_IN, 'wait.time']))])
      for (const before of [[], ['navigate.to'], ['interact.write', 'interact.write'], ['no', 'such']]) {
        const point = { done: doing(...before) };
        const seen = [...next.seen].reduce((sum, command) => sum + next.probability(command, point), 0);
        const unseen = next.probability('mouse.down', point) * (87 - next.seen.size);
        assert.ok(Math.abs(seen + unseen - 1) < 1e-9, `${before}: ${seen} + ${unseen}`);
        const usual = [...next.seen].reduce((sum, command) => sum + next.usual(command), 0);
        assert.ok(Math.abs(usual + next.usual('mouse.down') * (87 - next.seen.size) - 1) < 1e-9);
      }
  });

  it('follows the habits of a user the more, the more are known', () => {
    const own = (times: number) =>
      transitionsOf(...Array.from({ length: times }, () => [...LOG_IN.slice(0, 4), 'wait.time']));
    assert.equal(first(['interact.write', 'interact.click'], own(1)), 'assert.url');
    assert.equal(first(['interact.write', 'interact.click'], own(80)), 'wait.time');
  });

  it('follows what a session repeats', () => {
    const round = ['interact.hover', 'interact.drag', 'mouse.wheel'];
    const rounds = (times: number) => Array.from({ length: times }, () => round).flat();
    assert.deepEqual(transitionsWithin(doing(...round)), [[...round, 1, false, undefined, undefined]]);
    assert.deepEqual(transitionsWithin(doing('interact.hover')), []);
    assert.notEqual(first(rounds(1).concat('interact.hover')), 'interact.drag');
    assert.equal(first(rounds(12).concat('interact.hover', 'interact.drag')), 'mouse.wheel');
  });

  it('is what a user does after an element, where they have met it', () => {
    const having = (target: string, count: number): Transition => [
      '',
      'interact.click',
      'wait.url',
      count,
      false,
      '',
      target,
    ];
    const own = [having('Pay', 6), [...having('Help', 6).with(2, 'assert.title')] as unknown as Transition];
    assert.equal(first(['interact.click Pay'], own), 'wait.url');
    assert.equal(first(['interact.click Help'], own), 'assert.title');
    const likely = (...done: string[]) => adapted(everybody, own).probability('wait.url', { done: doing(...done) });
    assert.ok(likely('interact.click Pay') > likely('interact.click'));
    assert.equal(likely('interact.click Elsewhere'), likely('interact.click'));
  });

  it('is another one where a checkpoint begins', () => {
    const next = learnNextCommands(
      [
        ['', 'interact.click', 'assert.url', 5, false],
        ['', 'interact.click', 'navigate.to', 5, true],
      ],
      87,
    );
    const having = (begins: boolean) => rankNext({ done: doing('interact.click'), begins }, next, 1)[0]?.command;
    assert.deepEqual([having(false), having(true)], ['assert.url', 'navigate.to']);
  });

  it('is nobody’s guess where nothing was learned', () => {
    assert.deepEqual(rankNext({ done: doing('navigate.to') }, learnNextCommands([], 87), 3), []);
  });
});
