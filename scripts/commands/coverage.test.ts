import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { coverage } from '../../shared/commands/testing/coverage.ts';
import { coverageTable, gaps } from './table.ts';

// What the tests of the commands have shown is asked of the process in which they ran: they are part of this file.
const folder = join(import.meta.dirname, '../../shared/commands');
const load = createRequire(import.meta.url);
for (const name of readdirSync(folder).filter((one) => one.endsWith('.test.ts'))) load(join(folder, name));

describe('the tests of the commands', () => {
  it('show of each that it passes, fails, errs, and what its options change', () => {
    const rows = coverage();
    console.log(coverageTable(rows));
    assert.deepEqual(gaps(rows), []);
  });
});
