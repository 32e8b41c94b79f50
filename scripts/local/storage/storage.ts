import type { ServiceContext } from '../plumbing/service.ts';
import type { Blobs } from './blobs.ts';
import type { Buckets } from './buckets.ts';
import type { Notifications } from './notifications.ts';
import type { Objects } from './objects.ts';
import type { ResumableUploads } from './resumable.ts';

/** The parts of the service that its routes work with. */
export interface Storage {
  readonly context: ServiceContext;
  readonly blobs: Blobs;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly notifications: Notifications;
  readonly uploads: ResumableUploads;
}

/** Operation classes of Cloud Storage's price list; deleting is free. */
export type OperationClass = 'storage.class_a' | 'storage.class_b';
