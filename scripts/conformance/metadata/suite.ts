import type { OpenSuite } from '../behaviour.ts';
import { connect } from './clients.ts';
import { credentials } from './credentials.ts';
import { server } from './server.ts';
import { tokens } from './tokens.ts';

/**
 * The metadata server, the published keys and the IAM Credentials API. They are looked at on an endpoint only: Google's
 * metadata server is reached from within Google Cloud.
 */
export const openMetadata: OpenSuite = async (world) => {
  const service = 'metadata and credentials';
  if (world.endpoint === undefined) return { service, behaviours: [] };
  const clients = connect(world, world.endpoint);
  return { service, behaviours: [server, tokens, credentials].flatMap((part) => part(clients, world)) };
};
