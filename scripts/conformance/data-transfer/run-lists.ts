import assert from 'node:assert/strict';
import { protos } from '@google-cloud/bigquery-data-transfer';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients, Config } from './clients.ts';

const { TransferState, TransferMessage, ListTransferRunsRequest } = protos.google.cloud.bigquery.datatransfer.v1;

/** ListTransferRuns and ListTransferLogs. */
export function runLists({ transfers, create, run }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const list = async ({ name: parent }: Config, more: object = {}) =>
    (await transfers.listTransferRuns({ parent, ...more }))[0];
  /** A config with a run that failed and, after it, one that did not. */
  const both = async () => {
    const config = await create({ query: "SELECT IF(@run_date < '2026-01-01', ERROR('too early'), 1)" });
    await run(config, '2025-12-31T00:00:00Z');
    await run(config, '2026-01-01T00:00:00Z');
    return config;
  };
  method('ListTransferRuns', {
    'lists the runs of a config': async () => {
      const config = await both();
      assert.deepEqual((await list(config)).map(({ state }) => state).sort(), ['FAILED', 'SUCCEEDED']);
      assert.deepEqual(await list(await create()), []);
    },
    'finds runs by their states': async () => {
      const config = await both();
      const failed = await list(config, { states: [TransferState.FAILED] });
      assert.deepEqual(
        failed.map(({ state }) => state),
        ['FAILED'],
      );
      assert.equal((await list(config, { states: [TransferState.FAILED, TransferState.SUCCEEDED] })).length, 2);
    },
    'finds the latest run of each day': async () => {
      const config = await create();
      for (const hour of ['01', '02', '03']) await run(config, `2026-01-01T${hour}:00:00Z`);
      await run(config, '2026-01-02T00:00:00Z');
      assert.equal((await list(config)).length, 4);
      const { LATEST } = ListTransferRunsRequest.RunAttempt;
      assert.equal((await list(config, { runAttempt: LATEST })).length, 2);
    },
    'gives pages': async () => {
      const config = await both();
      const request = { parent: config.name, pageSize: 1 };
      const [first, , answer] = await transfers.listTransferRuns(request, { autoPaginate: false });
      const pageToken = answer.nextPageToken ?? '';
      const [second] = await transfers.listTransferRuns({ ...request, pageToken }, { autoPaginate: false });
      assert.deepEqual([first.length, second.length], [1, 1]);
      assert.notEqual(first[0]?.name, second[0]?.name);
    },
    'fails for a config that is not there': async () => {
      const { name } = await create();
      await fails(transfers.listTransferRuns({ parent: name.replace(/[^/]+$/, 'no') }), 'NOT_FOUND');
    },
  });
  const logs = async (parent: string, messageTypes: object[] = []) => {
    const [found] = await transfers.listTransferLogs({ parent, messageTypes: messageTypes as never });
    return found.map(({ severity, messageText }) => `${severity}: ${messageText}`);
  };
  method('ListTransferLogs', {
    'tells the steps of a run': async () => {
      const { name } = await run(await create());
      const told = (await logs(name)).join('\n');
      assert.match(told, /INFO: .*scheduled_query_\S+ .*completed successfully/);
    },
    'finds messages by their severity': async () => {
      const { name, errorStatus } = await run(await create({ query: "SELECT ERROR('no way')" }));
      const { ERROR } = TransferMessage.MessageSeverity;
      const errors = await logs(name, [ERROR as never]);
      assert.ok(errors.length > 0 && errors.every((line) => line.startsWith('ERROR: ')));
      assert.ok(errors.some((line) => line.includes('no way')) && errorStatus);
    },
    'fails for a run that is not there': async () => {
      const { name } = await create();
      await fails(logs(`${name}/runs/no`), 'NOT_FOUND');
    },
  });
  return all;
}
