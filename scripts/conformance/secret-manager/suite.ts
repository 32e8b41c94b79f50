import type { OpenSuite } from '../behaviour.ts';
import { openClients } from './clients.ts';
import { deletions } from './deletions.ts';
import { lists } from './lists.ts';
import { rotations } from './rotations.ts';
import { secrets } from './secrets.ts';
import { states } from './states.ts';
import { updates } from './updates.ts';
import { versions } from './versions.ts';

/** The behaviours of Secret Manager (google.cloud.secretmanager.v1), through @google-cloud/secret-manager. */
export const openSecretManager: OpenSuite = async (world) => {
  const clients = openClients(world);
  const files = [secrets, updates, versions, states, lists, rotations, deletions];
  return { service: 'Secret Manager', behaviours: files.flatMap((file) => file(clients, world)) };
};
