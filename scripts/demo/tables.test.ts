import assert from 'node:assert/strict';
import { functions } from '../../functions/index.ts';
import { coldStartsTable, deliveriesTable, warehouseTables } from './tables.ts';

describe('the tables of the demo', () => {
  it('count the rows of the warehouse and answer the query that they show', () => {
    const table = warehouseTables(
      {
        rows: new Map([
          ['test_runs', 8],
          ['command_executions', 12_345],
        ]),
        slowest: [
          { command: 'navigate.to', steps: 9, p50: 120, slowest: 480 },
          { command: 'wait.time', steps: 1, p50: 50, slowest: 50 },
        ],
      },
      'SELECT 1\nFROM x',
    );
    assert.equal(
      table,
      [
        'Rows in BigQuery',
        '  analytics.test_runs               8',
        '  analytics.command_executions  12345',
        '',
        '  SELECT 1',
        '  FROM x',
        '',
        '  navigate.to  9 steps, p50 120 ms, slowest 480 ms',
        '  wait.time    1 step, p50 50 ms, slowest 50 ms',
        '',
      ].join('\n'),
    );
  });

  it('count webhooks by type, and the signatures that hold', () => {
    const received = ['run.completed', 'report.ready', 'run.completed'].map((type, i) => ({
      ...{ id: `msg_${i}`, type, verified: i !== 2 },
    }));
    assert.equal(
      deliveriesTable(received),
      [
        'Webhooks delivered',
        '  report.ready   1, 1 with a valid signature',
        '  run.completed  2, 1 with a valid signature',
        '',
      ].join('\n'),
    );
    assert.equal(deliveriesTable([]), 'Webhooks delivered\n');
  });

  it('show the cold starts of every function, and of all', () => {
    const table = coldStartsTable({ coldStarts: (name) => (name === undefined ? 20 : name.length) });
    const [heading, ...rows] = table.trimEnd().split('\n');
    assert.equal(heading, 'Cold starts: 20');
    assert.equal(rows.length, functions.length);
    assert.equal(new Set(rows.map((row) => row.search(/\d+$/))).size, 1);
  });
});
