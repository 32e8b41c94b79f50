import assert from 'node:assert/strict';
import { commands } from '../../../shared/commands/index.ts';
import { readCorpus } from './corpus.ts';

describe('the corpus of tests that suggestions are judged by', () => {
  const tests = readCorpus();

  it('has tests of many products, in every form', () => {
    assert.ok(tests.length >= 190, String(tests.length));
    assert.ok(new Set(tests.map(({ product }) => product)).size >= 45);
    assert.deepEqual([...new Set(tests.map(({ form }) => form))].sort(), [
      ...['canonical', 'compact', 'extended', 'journey', 'simplified'],
    ]);
  });

  it('has no test twice, and none that is too short or long to be one', () => {
    assert.equal(new Set(tests.map(({ steps }) => steps.map(({ command }) => command).join())).size, tests.length);
    for (const {
      path,
      steps: { length },
    } of tests)
      assert.ok(length >= 8 && length <= 45, `${path}: ${length}`);
  });

  it('uses most of the vocabulary, all groups of it', () => {
    const used = new Set(tests.flatMap(({ steps }) => steps.map(({ command }) => command)));
    assert.ok(used.size >= 60, `${used.size} commands`);
    const groups = (names: Iterable<string>) => [...new Set([...names].map((name) => name.split('.')[0]))].sort();
    assert.deepEqual(groups(used), groups(commands.map(({ name }) => name)));
  });
});
