import type { OpenSuite } from '../behaviour.ts';
import { access } from './access.ts';
import { acls } from './acls.ts';
import { buckets } from './buckets.ts';
import { connect } from './clients.ts';
import { copies } from './copies.ts';
import { cors } from './cors.ts';
import { downloads } from './downloads.ts';
import { forms } from './forms.ts';
import { holds } from './holds.ts';
import { lifecycle } from './lifecycle.ts';
import { lists } from './lists.ts';
import { notifications } from './notifications.ts';
import { objectRetention } from './object-retention.ts';
import { objects } from './objects.ts';
import { preconditions } from './preconditions.ts';
import { resumable } from './resumable.ts';
import { signedUrls } from './signed-urls.ts';
import { uploads } from './uploads.ts';
import { versions } from './versions.ts';

const PARTS = [
  buckets,
  access,
  acls,
  objects,
  uploads,
  resumable,
  downloads,
  preconditions,
  versions,
  copies,
  lists,
  lifecycle,
  holds,
  objectRetention,
  signedUrls,
  forms,
  cors,
  notifications,
];

/** Cloud Storage through `@google-cloud/storage`, and over the wire what that hides. */
export const openStorage: OpenSuite = async (world) => {
  const clients = await connect(world);
  return { service: 'Cloud Storage', behaviours: PARTS.flatMap((part) => part(clients, world)) };
};
