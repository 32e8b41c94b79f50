import assert from 'node:assert/strict';
import { coverage, hasObserved } from '../../shared/commands/testing/coverage.ts';
import { runCommandTests } from './run.ts';
import { coverageTable, gaps } from './table.ts';

/** It stands here, and not beside the commands, because their tests must have run before. */
describe('the tests of the commands', () => {
  it('show of each that it passes, fails, errs, and what its options change', async function () {
    this.timeout(600_000);
    // On its own, it has their tests run in a process of their own, where it is asked again.
    if (!hasObserved()) return assert.equal(await runCommandTests(), 0);
    const rows = coverage();
    console.log(coverageTable(rows));
    assert.deepEqual(gaps(rows), []);
  });
});
