import type { OpenSuite } from '../behaviour.ts';
import { connect } from './clients.ts';
import { copies } from './copies.ts';
import { datasets } from './datasets.ts';
import { ddl } from './ddl.ts';
import { dml } from './dml.ts';
import { extracts } from './extracts.ts';
import { informationSchema } from './information-schema.ts';
import { inserts } from './inserts.ts';
import { jobs } from './jobs.ts';
import { loads } from './loads.ts';
import { parameters } from './parameters.ts';
import { partitions } from './partitions.ts';
import { queries } from './queries.ts';
import { schemas } from './schemas.ts';
import { selects } from './selects.ts';
import { tables } from './tables.ts';
import { types } from './types.ts';
import { views } from './views.ts';

const PARTS = [
  ...[datasets, tables, schemas, partitions, views, inserts, types, loads, extracts, copies],
  ...[queries, parameters, selects, dml, ddl, informationSchema, jobs],
];

/** The behaviours of BigQuery (bigquery/v2), through @google-cloud/bigquery, and over the wire what that hides. */
export const openBigquery: OpenSuite = async (world) => {
  const clients = await connect(world);
  return { service: 'BigQuery', behaviours: PARTS.flatMap((part) => part(clients, world)) };
};
