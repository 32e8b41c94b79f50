import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataTransferServiceClient } from '@google-cloud/bigquery-data-transfer';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';
import type { Table } from '../../../shared/define/resources.ts';
import { resources } from '../../../shared/resources/index.ts';
import { commandExecutions } from '../../../shared/resources/tables.ts';
import { type GoogleClients, googleClients } from '../../chain/clients.ts';
import { type LocalCloud, startCloud } from '../cloud.ts';
import type { Resources } from './provision.ts';

describe('the warehouse of a local cloud', function () {
  this.timeout(120_000);
  let folder: string;
  let cloud: LocalCloud | undefined;
  let google: GoogleClients;
  let transfers: DataTransferServiceClient;
  const open = async (declared: Resources = resources) => {
    cloud = await startCloud({ functions: [], resources: declared, data: folder });
    google = googleClients(cloud);
    transfers = new DataTransferServiceClient({
      ...{ apiEndpoint: '127.0.0.1', port: cloud.port, projectId: 'virtuoso-local' },
      ...{ sslCreds: credentials.createInsecure(), authClient: new OAuth2Client() as never },
    });
    return cloud;
  };
  const shut = async () => {
    await google?.close();
    await transfers?.close();
    await cloud?.close();
    cloud = undefined;
  };
  const parent = 'projects/virtuoso-local/locations/us-central1';
  const rows = async (sql: string) => (await google.bigquery.query(sql))[0] as Record<string, unknown>[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
  });
  afterEach(async () => {
    await shut();
    await rm(folder, { recursive: true, force: true });
  });

  it('has every table and column as it is declared, and every view', async () => {
    await open();
    const dataset = google.bigquery.dataset(resources.dataset);
    for (const table of resources.tables) {
      const [{ schema, timePartitioning, clustering, description }] = await dataset.table(table.name).getMetadata();
      const fields = (schema.fields as Record<string, string>[]).map(({ name, description: words }) => [name, words]);
      assert.deepEqual(
        fields,
        Object.entries(table.columns).map(([name, column]) => [name, column.description]),
      );
      assert.deepEqual(
        [timePartitioning.field, timePartitioning.type, timePartitioning.expirationMs, clustering.fields, description],
        [
          ...[table.partition, 'DAY', table.expiryDays && String(table.expiryDays * 86_400_000)],
          ...[table.cluster, table.description],
        ],
      );
    }
    for (const { name } of resources.views) assert.deepEqual(await rows(`SELECT * FROM analytics.${name}`), []);
  });

  it('gets the columns that a newer declaration adds; its rows stay, and the views show the columns', async () => {
    const without = (table: Table): Table => {
      const { checkpoint: _, user_agent: __, ...columns } = table.columns;
      return { ...table, columns };
    };
    const view = (query: string) => query.replace(', `checkpoint`', '').replace('`user_agent`, ', '');
    await open({
      ...resources,
      tables: resources.tables.map(without),
      views: resources.views.map((each) => ({ ...each, query: view(each.query) })),
    });
    await rows(`INSERT INTO analytics.command_executions (event_id, executed_at) VALUES ('1', TIMESTAMP '2026-01-01')`);
    const [old] = await rows('SELECT * FROM analytics.command_executions_once');
    assert.deepEqual(Object.keys(old ?? {}).sort(), Object.keys(without(commandExecutions).columns).sort());
    await shut();
    await open();
    assert.deepEqual(await rows('SELECT event_id, checkpoint FROM analytics.command_executions_once'), [
      { event_id: '1', checkpoint: null },
    ]);
    const row = { event_id: '2', executed_at: '2026-01-02T00:00:00Z', checkpoint: 'One' };
    await google.bigquery.dataset('analytics').table('command_executions').insert([row]);
    assert.equal((await rows("SELECT 1 FROM analytics.command_executions_once WHERE checkpoint = 'One'")).length, 1);
  });

  it('has a transfer config for each scheduled query, which runs, and the one of a newer file', async () => {
    await open({ ...resources, scheduledQueries: resources.scheduledQueries.slice(1) });
    await rows('SELECT 1');
    assert.equal((await transfers.listTransferConfigs({ parent }))[0].length, resources.scheduledQueries.length - 1);
    await shut();
    const { clock, settle } = await open();
    await rows('SELECT 1');
    const [configs] = await transfers.listTransferConfigs({ parent });
    assert.deepEqual(
      configs.map(({ displayName }) => displayName).sort(),
      resources.scheduledQueries.map(({ name }) => name).sort(),
    );
    const yesterday = new Date(clock.now() - 86_400_000).toISOString();
    await rows(
      `INSERT INTO analytics.command_executions (event_id, executed_at, user_id, command, status, duration_ms) VALUES ('1', TIMESTAMP '${yesterday}', 'u', 'wait.time', 'passed', 5)`,
    );
    const requestedRunTime = { seconds: Math.floor(clock.now() / 1000) };
    for (const { name } of configs) await transfers.startManualTransferRuns({ parent: name ?? '', requestedRunTime });
    await settle();
    for (const { name, displayName } of configs) {
      const [[run]] = await transfers.listTransferRuns({ parent: name ?? '' });
      assert.equal(run?.state, 'SUCCEEDED', `${displayName}: ${run?.errorStatus?.message}`);
    }
    assert.deepEqual(await rows('SELECT command, executions, p50_ms FROM analytics.daily_command_stats'), [
      { command: 'wait.time', executions: 1, p50_ms: 5 },
    ]);
  });
});
