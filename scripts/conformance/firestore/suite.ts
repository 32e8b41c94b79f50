import type { Behaviour, OpenSuite, World } from '../behaviour.ts';
import { aggregations } from './aggregations.ts';
import { batchWrites } from './batch-writes.ts';
import { type Clients, connect } from './clients.ts';
import { commits } from './commits.ts';
import { documents } from './documents.ts';
import { explains } from './explains.ts';
import { filters } from './filters.ts';
import { limits } from './limits.ts';
import { listens } from './listens.ts';
import { lists } from './lists.ts';
import { nearest } from './nearest.ts';
import { orders } from './orders.ts';
import { refusals } from './refusals.ts';
import { snapshots } from './snapshots.ts';
import { transactions } from './transactions.ts';
import { transforms } from './transforms.ts';
import { writeStreams } from './write-streams.ts';

const PARTS: readonly ((clients: Clients, world: World) => readonly Behaviour[])[] = [
  commits,
  transforms,
  limits,
  documents,
  batchWrites,
  aggregations,
  lists,
  filters,
  orders,
  explains,
  nearest,
  transactions,
  listens,
  snapshots,
  writeStreams,
  (clients, world) => refusals(clients, world.endpoint !== undefined),
];

/** The behaviours of Cloud Firestore, through `@google-cloud/firestore` and its generated clients. */
export const openFirestore: OpenSuite = async (world) => {
  const clients = connect(world);
  world.onEnd(clients.close);
  return { service: 'firestore', behaviours: PARTS.flatMap((part) => part(clients, world)) };
};
