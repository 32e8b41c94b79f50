import type { OpenSuite } from './behaviour.ts';
import { openBigquery } from './bigquery/suite.ts';
import { openDataTransfer } from './data-transfer/suite.ts';
import { openFirestore } from './firestore/suite.ts';
import { openHost } from './host/suite.ts';
import { openMetadata } from './metadata/suite.ts';
import { openPubsub } from './pubsub/suite.ts';
import { openSecretManager } from './secret-manager/suite.ts';
import { openStorage } from './storage/suite.ts';
import { openTasks } from './tasks/suite.ts';

/** The suites, by the services that they look at, in the order in which they are told of. */
export const suites: Readonly<Record<string, OpenSuite>> = {
  firestore: openFirestore,
  pubsub: openPubsub,
  tasks: openTasks,
  storage: openStorage,
  bigquery: openBigquery,
  'data-transfer': openDataTransfer,
  'secret-manager': openSecretManager,
  metadata: openMetadata,
  host: openHost,
};

/** Suites that deploy functions of their own: they can be looked at on a local cloud only. */
export const localOnly: readonly string[] = ['host'];
