import type { OpenSuite } from '../behaviour.ts';
import { connect } from './clients.ts';
import { configs } from './configs.ts';
import { dataSources } from './data-sources.ts';
import { manualRuns } from './manual-runs.ts';
import { results } from './results.ts';
import { runLists } from './run-lists.ts';
import { schedules } from './schedules.ts';
import { updates } from './updates.ts';

/** The behaviours of scheduled queries (google.cloud.bigquery.datatransfer.v1), through @google-cloud/bigquery-data-transfer. */
export const openDataTransfer: OpenSuite = async (world) => {
  const clients = await connect(world);
  const files = [dataSources, configs, updates, manualRuns, runLists, results, schedules];
  return { service: 'BigQuery Data Transfer', behaviours: files.flatMap((file) => file(clients, world)) };
};
