import { implement, loadService } from '../plumbing/grpc.ts';
import { Outbox } from '../plumbing/outbox.ts';
import type { CreateService, ServiceContext } from '../plumbing/service.ts';
import { BigqueryAgent } from './bigquery-agent.ts';
import { configMethods } from './config-methods.ts';
import { Configs } from './configs.ts';
import { dataSourceMethods } from './data-sources.ts';
import { Planner } from './planner.ts';
import { runMethods } from './run-methods.ts';
import { Runner } from './runner.ts';
import { Runs } from './runs.ts';

const PROTOS = '@google-cloud/bigquery-data-transfer/build/protos/protos.json';
const SERVICE = 'google.cloud.bigquery.datatransfer.v1.DataTransferService';

/** What the methods of the service work on. */
export interface TransferService {
  readonly context: ServiceContext;
  readonly configs: Configs;
  readonly runs: Runs;
  readonly agent: BigqueryAgent;
  readonly planner: Planner;
}

/**
 * BigQuery's Data Transfer Service over gRPC, for scheduled queries: a query runs in BigQuery at the times of its
 * schedule, by the local cloud's clock, with @run_time and @run_date. Runs that are under way go on after a restart.
 * @see https://cloud.google.com/bigquery/docs/reference/datatransfer/rpc/google.cloud.bigquery.datatransfer.v1
 */
export const createDataTransfer: CreateService = (context) => {
  const configs = new Configs(context);
  const runs = new Runs(context);
  const agent = new BigqueryAgent(context);
  const outbox = new Outbox(context, 'transfer_notices');
  const runner = new Runner({ context, runs, agent, outbox });
  const planner = new Planner({ context, configs, runs, runner });
  const service: TransferService = { context, configs, runs, agent, planner };
  const methods = { ...dataSourceMethods(), ...configMethods(service), ...runMethods(service) };
  return {
    name: 'data-transfer',
    grpc: [implement(loadService(PROTOS, SERVICE), methods)],
    start() {
      outbox.start();
      runner.start();
      planner.start();
    },
    pending: () => runs.countOpen() + outbox.pending(),
    close() {
      planner.close();
      runner.close();
      agent.close();
      outbox.close();
    },
  };
};
