import type { SelectionServices } from '../../shared/domain/run-selection.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import type { Schedules } from '../../shared/domain/schedules.ts';
import type { Users } from '../../shared/domain/users.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';

export interface Services extends SelectionServices {
  readonly schedules: Pick<Schedules, 'due' | 'dueBetween' | 'start'>;
  readonly runs: Pick<Runs, 'get'>;
  readonly users: Pick<Users, 'get'>;
  /** Where it is asked for instances that are not needed yet. */
  readonly warmUps: TaskQueue;
}
