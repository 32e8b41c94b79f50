import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { DataTransferServiceClient, protos } from '@google-cloud/bigquery-data-transfer';
import { v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';
import { createBigquery } from './bigquery/index.ts';
import { createDataTransfer } from './data-transfer/index.ts';
import type { LocalClock } from './plumbing/clock.ts';
import { until } from './plumbing/receiver.ts';
import type { CreateService } from './plumbing/service.ts';
import { startServices, type TestCloud } from './plumbing/testing.ts';
import { createPubsub } from './pubsub/index.ts';

type IConfig = protos.google.cloud.bigquery.datatransfer.v1.ITransferConfig;

const { MessageSeverity } = protos.google.cloud.bigquery.datatransfer.v1.TransferMessage;
const PROJECT = 'projects/virtuoso-local';
const PARENT = `${PROJECT}/locations/us`;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('scheduled queries', () => {
  let cloud: TestCloud;
  let client: DataTransferServiceClient;
  let bigquery: BigQuery;
  let folder: string;

  const open = async (creates: readonly CreateService[] = [createPubsub, createBigquery, createDataTransfer]) => {
    cloud = await startServices(creates, { folder });
    client = new DataTransferServiceClient(endpoint());
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: 'local', expiry_date: Date.now() + HOUR_MS });
    const options = { projectId: 'virtuoso-local', apiEndpoint: cloud.origin, authClient };
    bigquery = new BigQuery(options as unknown as BigQueryOptions);
  };
  const endpoint = () => ({
    ...{ apiEndpoint: '127.0.0.1', port: cloud.port, projectId: 'virtuoso-local' },
    ...{ sslCreds: credentials.createInsecure(), authClient: new OAuth2Client() as never },
  });
  const shut = async () => {
    await client.close();
    await cloud.close({ keep: true });
  };
  const config = (params: Record<string, string>, more: IConfig = {}): IConfig => ({
    ...{ displayName: 'Daily', dataSourceId: 'scheduled_query', schedule: 'every day 06:00' },
    params: { fields: Object.fromEntries(Object.entries(params).map(([key, stringValue]) => [key, { stringValue }])) },
    ...more,
  });
  const create = async (params: Record<string, string>, more: IConfig = {}) => {
    const [made] = await client.createTransferConfig({ parent: PARENT, transferConfig: config(params, more) });
    return made.name ?? assert.fail('A config has a name.');
  };
  const settled = () => until(() => cloud.services.every((service) => (service.pending?.() ?? 0) === 0));
  const runsOf = async (parent: string) => (await client.listTransferRuns({ parent }))[0].reverse();
  const rows = async (sql: string) =>
    (await bigquery.query(sql))[0].map((row) => Object.values(row as object).map((each) => each?.value ?? each));
  /** Advances to a time of day, the next day at the latest. */
  const advanceTo = (time: string) => {
    const now = cloud.clock.now();
    const today = Date.parse(`${new Date(now).toISOString().slice(0, 10)}T${time}Z`);
    cloud.clock.advance((today > now ? today : today + DAY_MS) - now);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
    await open();
    await bigquery.createDataset('analytics');
    await bigquery.query('CREATE TABLE analytics.log (ran_at TIMESTAMP, day DATE)');
  });
  afterEach(async () => {
    await shut();
    await rm(folder, { recursive: true, force: true });
  });

  it('run at every time of their schedule, with the time that they are meant for', async () => {
    const name = await create({ query: 'INSERT INTO analytics.log VALUES (@run_time, @run_date)' });
    advanceTo('05:59:00');
    assert.deepEqual(await runsOf(name), []);
    cloud.clock.advance(60_000 + 2 * DAY_MS);
    await settled();
    const found = await rows('SELECT ran_at, day FROM analytics.log ORDER BY ran_at');
    const days = found.map(([, day]) => String(day));
    assert.equal(found.length, 3);
    assert.deepEqual(
      found.map(([time]) => String(time)),
      days.map((day) => `${day}T06:00:00.000Z`),
    );
    assert.equal(new Set(days).size, 3);
    const runs = await runsOf(name);
    assert.deepEqual(
      runs.map(({ state, schedule, runTime }) => [state, schedule, Number(runTime?.seconds) % 86_400]),
      days.map(() => ['SUCCEEDED', 'every day 06:00', 6 * 3600]),
    );
    const [{ nextRunTime, state }] = await client.getTransferConfig({ name });
    assert.equal(Number(nextRunTime?.seconds) - Number(runs.at(-1)?.runTime?.seconds), 86_400);
    assert.equal(state, 'SUCCEEDED');
  });

  it('write their result to the table of the run, as they are told to', async () => {
    const name = await create(
      {
        query: 'SELECT @run_date AS day, 1 AS n',
        destination_table_name_template: 'daily_{run_time-1h|"%Y%m%d"}',
        write_disposition: 'WRITE_APPEND',
      },
      { destinationDatasetId: 'analytics' },
    );
    const requestedRunTime = { seconds: Date.parse('2026-01-02T00:30:00Z') / 1000 };
    for (const _ of [1, 2]) await client.startManualTransferRuns({ parent: name, requestedRunTime });
    await settled();
    assert.deepEqual(await rows('SELECT day, n FROM analytics.daily_20260101'), [
      ['2026-01-02', 1],
      ['2026-01-02', 1],
    ]);
    const [run] = await runsOf(name);
    const [logs] = await client.listTransferLogs({ parent: run?.name ?? '' });
    const texts = logs.map(({ messageText }) => messageText).join('\n');
    assert.match(
      texts,
      /Job scheduled_query_\S+ \(table daily_20260101\) completed successfully\.\nSummary: succeeded 1/,
    );
  });

  it('that are wrong end as failed, with the words of BigQuery, and tell of it', async () => {
    const publisher = new v1.PublisherClient(endpoint());
    const subscriber = new v1.SubscriberClient(endpoint());
    const topic = `${PROJECT}/topics/runs`;
    const subscription = `${PROJECT}/subscriptions/runs`;
    await publisher.createTopic({ name: topic });
    await subscriber.createSubscription({ name: subscription, topic });
    const name = await create({ query: 'SELECT * FROM analytics.nothing' }, { notificationPubsubTopic: topic });
    advanceTo('06:00:00');
    await until(async () => (await runsOf(name))[0]?.state === 'FAILED');
    const [run] = await runsOf(name);
    assert.equal(run?.errorStatus?.code, 5);
    assert.match(
      run?.errorStatus?.message ?? '',
      /^Not found: Table .*analytics\.nothing.*; JobID: virtuoso-local:scheduled_query_/,
    );
    const [logs] = await client.listTransferLogs({ parent: run?.name ?? '', messageTypes: [MessageSeverity.ERROR] });
    assert.equal(logs[0]?.messageText, run?.errorStatus?.message);
    const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: 1 });
    const { attributes, data } = receivedMessages?.[0]?.message ?? {};
    assert.deepEqual(attributes, { eventType: 'TRANSFER_RUN_FINISHED', payloadFormat: 'JSON_API_V1' });
    const told = JSON.parse(String(data)) as Record<string, unknown>;
    assert.deepEqual([told.name, told.state, told.dataSourceId], [run?.name, 'FAILED', 'scheduled_query']);
    await Promise.all([publisher.close(), subscriber.close()]);
  });

  it('go on after a restart: what was under way is done once', async () => {
    const name = await create({ query: 'INSERT INTO analytics.log VALUES (@run_time, @run_date)' });
    const [{ nextRunTime }] = await client.getTransferConfig({ name });
    const requestedRunTime = { seconds: 1_700_000_000 };
    const [{ runs }] = await client.startManualTransferRuns({ parent: name, requestedRunTime });
    await shut();
    await open();
    await settled();
    assert.equal((await client.getTransferRun({ name: runs?.[0]?.name ?? '' }))[0].state, 'SUCCEEDED');
    assert.deepEqual(await rows('SELECT day FROM analytics.log'), [['2023-11-14']]);
    assert.deepEqual((await client.getTransferConfig({ name }))[0].nextRunTime, nextRunTime);
  });

  it('that were missed while no local cloud was up are made up for once, at the last of their times', async () => {
    const name = await create({ query: 'INSERT INTO analytics.log VALUES (@run_time, @run_date)' });
    const [{ nextRunTime }] = await client.getTransferConfig({ name });
    await shut();
    const later: CreateService = ({ clock }) => {
      (clock as LocalClock).advance(Number(nextRunTime?.seconds) * 1000 + 2 * DAY_MS + HOUR_MS - clock.now());
      return { name: 'later' };
    };
    await open([later, createPubsub, createBigquery, createDataTransfer]);
    await settled();
    const runs = await runsOf(name);
    assert.deepEqual(
      runs.map(({ runTime }) => Number(runTime?.seconds)),
      [Number(nextRunTime?.seconds) + 2 * 86_400],
    );
    assert.equal((await rows('SELECT ran_at FROM analytics.log')).length, 1);
  });

  it('of one config run one after the other', async () => {
    const name = await create({
      query: 'INSERT INTO analytics.log SELECT @run_time, DATE_ADD(MAX(day), INTERVAL 1 DAY) FROM analytics.log',
    });
    await bigquery.query("INSERT INTO analytics.log VALUES (TIMESTAMP '2000-01-01', DATE '2026-01-01')");
    const end = Math.floor(cloud.clock.now() / DAY_MS) * 86_400;
    const [{ runs }] = await client.startManualTransferRuns({
      parent: name,
      requestedTimeRange: { startTime: { seconds: end - 5 * 86_400 }, endTime: { seconds: end } },
    });
    assert.equal(runs?.length, 5);
    const starts = runs?.map(({ scheduleTime }) => Number(scheduleTime?.seconds)) ?? [];
    assert.deepEqual(
      starts.map((start) => start - (starts[0] ?? 0)),
      [0, 15, 30, 45, 60],
    );
    cloud.clock.advance(60_000);
    await settled();
    assert.deepEqual(
      (await rows('SELECT day FROM analytics.log ORDER BY ran_at')).map(([day]) => day),
      ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06'],
    );
  });

  it('have runs that are known for ninety days', async () => {
    const name = await create(
      { query: 'SELECT 1' },
      { schedule: '', scheduleOptions: { disableAutoScheduling: true } },
    );
    const start = async () => {
      const requestedRunTime = { seconds: Math.floor(cloud.clock.now() / 1000) };
      const [{ runs }] = await client.startManualTransferRuns({ parent: name, requestedRunTime });
      await settled();
      return runs?.[0]?.name;
    };
    const first = await start();
    cloud.clock.advance(60 * DAY_MS);
    const second = await start();
    assert.deepEqual(
      (await runsOf(name)).map((run) => run.name),
      [first, second],
    );
    cloud.clock.advance(31 * DAY_MS);
    const third = await start();
    assert.deepEqual(
      (await runsOf(name)).map((run) => run.name),
      [second, third],
    );
    await assert.rejects(client.listTransferLogs({ parent: first ?? '' }), { code: 5 });
  });

  it('refuse by name what there is not locally', async () => {
    const refused = async (call: Promise<unknown>, words: RegExp) =>
      await assert.rejects(call, (error: { code: number; message: string }) => {
        assert.equal(error.code, 12, error.message);
        assert.match(error.message, words);
        return true;
      });
    const query = { query: 'SELECT 1' };
    const name = await create(query);
    const times = { startTime: { seconds: 1 }, endTime: { seconds: 2 } };
    await refused(client.scheduleTransferRuns({ parent: name, ...times }), /ScheduleTransferRuns/);
    await refused(client.enrollDataSources({ name: PROJECT, dataSourceIds: ['scheduled_query'] }), /EnrollDataSources/);
    await refused(create(query, { dataSourceId: 'amazon_s3' }), /amazon_s3/);
    await refused(create(query, { emailPreferences: { enableFailureEmail: true } }), /enable_failure_email/);
    await refused(create(query, { encryptionConfiguration: { kmsKeyName: { value: 'k' } } }), /kms_key_name/);
    const scheduleOptionsV2 = { eventDrivenSchedule: { pubsubSubscription: 's' } };
    await refused(create(query, { schedule: '', scheduleOptionsV2 }), /event_driven_schedule/);
    const [{ runs }] = await client.startManualTransferRuns({ parent: name, requestedRunTime: { seconds: 1 } });
    assert.equal(runs?.length, 1);
    const transferConfig = { name, disabled: true };
    await client.updateTransferConfig({ transferConfig, updateMask: { paths: ['disabled'] } });
    const late = client.startManualTransferRuns({ parent: name, requestedRunTime: { seconds: 1 } });
    await assert.rejects(late, { code: 9, message: /disabled/ });
  });
});
