import assert from 'node:assert/strict';
import { BigQuery } from '@google-cloud/bigquery';
import { resources } from '../../shared/resources/index.ts';
import { type LocalCloud, startCloud } from '../local/cloud.ts';
import { readWarehouse } from './warehouse.ts';

describe('the warehouse as the demo shows it', () => {
  const variables = ['BIGQUERY_EMULATOR_HOST', 'GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION'];
  const kept = new Map(variables.map((name) => [name, process.env[name]]));
  let cloud: LocalCloud;
  before(async () => {
    cloud = await startCloud({ functions: [] });
  });
  after(async () => {
    await cloud.close();
    for (const [name, value] of kept) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('has every table, each event counted once, and the slowest commands first', async () => {
    const empty = await readWarehouse(cloud.origin, 'virtuoso-local');
    assert.deepEqual(
      [...empty.rows],
      resources.views.map(({ name }) => [name.replace('_once', ''), 0]),
    );
    assert.deepEqual(empty.slowest, []);

    const event = (id: string, command: string, ms: number, status = 'passed') =>
      `('${id}', CURRENT_TIMESTAMP(), '${command}', '${status}', ${ms})`;
    const rows = [
      ...[event('1', 'navigate.to', 100), event('1', 'navigate.to', 100), event('2', 'navigate.to', 300)],
      ...[event('3', 'wait.time', 500), event('4', 'assert.exists', 9000, 'skipped')],
    ];
    await new BigQuery({ projectId: 'virtuoso-local' }).query(
      `INSERT INTO analytics.command_executions (event_id, executed_at, command, status, duration_ms) VALUES ${rows.join(', ')}`,
    );
    const { rows: counts, slowest } = await readWarehouse(cloud.origin, 'virtuoso-local');
    assert.equal(counts.get('command_executions'), 4);
    assert.deepEqual(
      slowest.map(({ command, steps, slowest: most }) => [command, steps, most]),
      [
        ['wait.time', 1, 500],
        ['navigate.to', 3, 300],
      ],
    );
  });
});
