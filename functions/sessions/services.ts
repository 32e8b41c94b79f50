import type { Environments } from '../../shared/domain/environments.ts';
import type { Shelf } from '../../shared/domain/library.ts';
import type { LiveLog } from '../../shared/domain/live-log.ts';
import type { LiveSessions } from '../../shared/domain/live-sessions.ts';
import type { Usage } from '../../shared/domain/usage.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';

export interface Services {
  readonly live: LiveSessions;
  readonly liveLog: LiveLog;
  readonly usage: Usage;
  readonly environments: Environments;
  readonly library: Shelf;
  /** Where tasks are made that wake sessions. */
  readonly wake: TaskQueue;
  readonly artifacts: ObjectStore;
  /** The bucket of test files. */
  readonly files: ObjectStore;
}
