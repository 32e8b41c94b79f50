import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataTransferServiceClient } from '@google-cloud/bigquery-data-transfer';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';
import { readBody, sendJson } from '../plumbing/http.ts';
import { until } from '../plumbing/receiver.ts';
import type { CreateService } from '../plumbing/service.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { createDataTransfer } from './index.ts';

/** What the BigQuery of these tests says of a job: how it ended, or nothing as long as it runs. */
type Ending = { readonly errorResult?: { readonly reason: string; readonly message: string } } | undefined;

describe('the runner of scheduled queries', () => {
  let folder: string;
  let cloud: TestCloud;
  let client: DataTransferServiceClient;
  /** Jobs that BigQuery has, by their ids. */
  let jobs: Map<string, Ending>;
  let inserts: string[];
  /** How BigQuery answers the next requests, before it does its work again. */
  let refusals: { status: number; reason: string; message: string }[];
  let endOf: (id: string) => Ending;

  const bigquery: CreateService = () => ({
    name: 'bigquery',
    async http(request, response, { pathname }) {
      const [, , kind, id = ''] = pathname.replace('/bigquery/v2/', '').split('/');
      const body = (await readBody(request)).toString();
      const refusal = refusals.shift();
      const fail = (status: number, reason: string, message: string) =>
        sendJson(response, status, { error: { code: status, message, errors: [{ reason, message }] } });
      if (refusal) fail(refusal.status, refusal.reason, refusal.message);
      else if (request.method === 'POST') {
        const { jobId } = (JSON.parse(body) as { jobReference: { jobId: string } }).jobReference;
        inserts.push(jobId);
        if (jobs.has(jobId)) fail(409, 'duplicate', `Already Exists: ${jobId}`);
        else sendJson(response, 200, {});
        if (!jobs.has(jobId)) jobs.set(jobId, endOf(jobId));
      } else if (kind === 'queries') sendJson(response, 200, { jobComplete: jobs.get(id) !== undefined });
      else {
        const ending = jobs.get(id);
        sendJson(response, 200, { status: { state: ending ? 'DONE' : 'RUNNING', ...ending } });
      }
      return true;
    },
  });
  const open = async () => {
    cloud = await startServices([bigquery, createDataTransfer], { folder });
    client = new DataTransferServiceClient({
      ...{ apiEndpoint: '127.0.0.1', port: cloud.port, projectId: 'p' },
      ...{ sslCreds: credentials.createInsecure(), authClient: new OAuth2Client() as never },
    });
  };
  const shut = async () => {
    await client.close();
    await cloud.close({ keep: true });
  };
  const start = async () => {
    const transferConfig = {
      ...{ displayName: 'One', dataSourceId: 'scheduled_query', scheduleOptions: { disableAutoScheduling: true } },
      params: { fields: { query: { stringValue: 'SELECT 1' } } },
    };
    const [{ name: parent }] = await client.createTransferConfig({ parent: 'projects/p/locations/us', transferConfig });
    const requestedRunTime = { seconds: 1_700_000_000 };
    const [{ runs }] = await client.startManualTransferRuns({ parent: parent ?? '', requestedRunTime });
    return runs?.[0]?.name ?? assert.fail('There is a run.');
  };
  const ended = async (name: string) => {
    await until(async () => Boolean((await client.getTransferRun({ name }))[0].endTime));
    return (await client.getTransferRun({ name }))[0];
  };
  const idOf = (run: string) => `scheduled_query_${run.split('/').at(-1)}`;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
    [jobs, inserts, refusals] = [new Map(), [], []];
    endOf = () => ({});
    await open();
  });
  afterEach(async () => {
    await shut();
    await rm(folder, { recursive: true, force: true });
  });

  it('tries again while BigQuery is away, with the same job', async () => {
    refusals = [503, 500, 429].map((status) => ({ status, reason: 'backendError', message: 'away' }));
    const run = await start();
    assert.equal((await ended(run)).state, 'SUCCEEDED');
    assert.deepEqual(new Set(inserts), new Set([idOf(run)]));
    assert.equal(jobs.size, 1);
  });

  it('takes what BigQuery refuses for the end of the run', async () => {
    refusals = [{ status: 400, reason: 'invalid', message: 'no such parameter' }];
    const run = await start();
    const { state, errorStatus } = await ended(run);
    assert.equal(state, 'FAILED');
    assert.deepEqual([errorStatus?.code, errorStatus?.message], [3, `no such parameter; JobID: p:${idOf(run)}`]);
  });

  it('goes on waiting for its job after a restart', async () => {
    endOf = () => undefined;
    const run = await start();
    await until(() => inserts.length === 1);
    await shut();
    jobs.set(idOf(run), {});
    await open();
    assert.equal((await ended(run)).state, 'SUCCEEDED');
    assert.deepEqual(jobs.size, 1);
    const [logs] = await client.listTransferLogs({ parent: run });
    assert.equal(logs.filter(({ messageText }) => messageText?.startsWith('Starting')).length, 1);
  });

  it('makes another job for one that a restart has cut off', async () => {
    endOf = (id) => (id.endsWith('_1') ? {} : { errorResult: { reason: 'backendError', message: 'interrupted' } });
    const run = await start();
    assert.equal((await ended(run)).state, 'SUCCEEDED');
    assert.deepEqual(inserts, [idOf(run), `${idOf(run)}_1`]);
  });

  it('forgets a run that is deleted while it is under way', async () => {
    endOf = () => undefined;
    const run = await start();
    await until(() => inserts.length === 1);
    await client.deleteTransferRun({ name: run });
    jobs.set(idOf(run), {});
    await until(() => cloud.services.every((service) => (service.pending?.() ?? 0) === 0));
    await assert.rejects(client.getTransferRun({ name: run }), { code: 5 });
  });
});
