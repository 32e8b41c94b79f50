import assert from 'node:assert/strict';
import { adapted, learnNextCommands, type Transition, transitionsWithin } from './next-commands.ts';
import { rankNext } from './rank-next.ts';

/** The transitions of sequences of commands, as the warehouse counts them. */
const transitionsOf = (...sequences: string[][]): Transition[] =>
  sequences.flatMap((commands) =>
    commands.map((command, at): Transition => [commands[at - 2] ?? '', commands[at - 1] ?? '', command, 1]),
  );
const LOG_IN = ['navigate.to', 'interact.write', 'interact.write', 'interact.click', 'assert.url'];
const SEARCH = ['navigate.to', 'interact.write', 'interact.key', 'assert.exists'];
const everybody = learnNextCommands(transitionsOf(LOG_IN, LOG_IN, LOG_IN, SEARCH), 87);
const first = (before: string[], own: Transition[] = []) => rankNext(before, adapted(everybody, own), 1)[0]?.command;

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
        const seen = [...next.seen].reduce((sum, command) => sum + next.probability(command, before), 0);
        const unseen = next.probability('mouse.down', before) * (87 - next.seen.size);
        assert.ok(Math.abs(seen + unseen - 1) < 1e-9, `${before}: ${seen} + ${unseen}`);
        const usual = [...next.seen].reduce((sum, command) => sum + next.usual(command), 0);
        assert.ok(Math.abs(usual + next.usual('mouse.down') * (87 - next.seen.size) - 1) < 1e-9);
      }
  });

  it('follows the habits of a user the more, the more are known', () => {
    const own = (times: number) =>
      transitionsOf(...Array.from({ length: times }, () => [...LOG_IN.slice(0, 4), 'wait.time']));
    assert.equal(first(['interact.write', 'interact.click'], own(1)), 'assert.url');
    assert.equal(first(['interact.write', 'interact.click'], own(40)), 'wait.time');
  });

  it('follows what a session repeats', () => {
    const round = ['interact.hover', 'interact.drag', 'mouse.wheel'];
    const rounds = (times: number) => Array.from({ length: times }, () => round).flat();
    assert.deepEqual(transitionsWithin(round), [[...round, 1]]);
    assert.deepEqual(transitionsWithin(['interact.hover']), []);
    assert.notEqual(first(rounds(1).concat('interact.hover')), 'interact.drag');
    assert.equal(first(rounds(12).concat('interact.hover', 'interact.drag')), 'mouse.wheel');
  });

  it('is nobody’s guess where nothing was learned', () => {
    assert.deepEqual(rankNext(['navigate.to'], learnNextCommands([], 87), 3), []);
  });
});
