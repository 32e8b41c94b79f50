import type { RunEntity } from '../../schemas/entities.ts';
import type { Environments } from '../../shared/domain/environments.ts';
import type { ProgressBoard } from '../../shared/domain/progress.ts';
import type { QueuePlaces } from '../../shared/domain/queue-places.ts';
import type { RunLog } from '../../shared/domain/run-log.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import type { Sessions } from '../../shared/domain/sessions.ts';
import type { Suites } from '../../shared/domain/suites.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import type { Usage } from '../../shared/domain/usage.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { finder } from '../../shared/http/resources.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';

export interface Services {
  readonly runs: Runs;
  readonly tests: Tests;
  readonly suites: Suites;
  readonly environments: Environments;
  readonly sessions: Sessions;
  readonly queuePlaces: QueuePlaces;
  readonly usage: Usage;
  readonly progress: ProgressBoard;
  readonly runLog: RunLog;
  readonly reports: ObjectStore;
}

/** A run as it is shown. */
export const view = ({ settled_by: _settledBy, contended: _contended, selection, ...run }: RunEntity) => ({
  ...(camelize(run) as object),
  selection,
});

/** The run that a request names. @throws AppError not-found when it is not the caller's */
export const owned = finder(
  ({ runs }: Pick<Services, 'runs'>, id, userId) => runs.getOwned(id, userId),
  (id) => `There is no run '${id}'.`,
);
