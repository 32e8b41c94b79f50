import type { RunEntity } from '../../schemas/entities.ts';
import type { RunRequest } from '../../schemas/requests.ts';
import { AppError } from '../platform/errors.ts';
import { currentTrace } from '../platform/trace.ts';
import { type SelectionServices, selectionOf } from './run-selection.ts';
import { emptyTotals } from './totals.ts';

/** What starts runs by itself: a schedule, a trigger. */
export interface Starter {
  readonly id: string;
  readonly user_id: string;
  readonly run: RunRequest;
}

/** A run that nobody waits for, but for its id and its stamps. */
export type AutomaticRun = Omit<RunEntity, 'id' | 'created_at' | 'updated_at'>;

/**
 * The run that is to be started. Where what it is to execute is not there any more, it is one that has ended in error:
 * those who are told of runs are told why nothing happened.
 */
export async function automaticRun(
  { id, user_id, run }: Starter,
  trigger: RunEntity['trigger'],
  services: SelectionServices,
  now: Date,
): Promise<AutomaticRun> {
  const trace = currentTrace();
  const common = { user_id, trigger, started_by: id, totals: emptyTotals, ...(trace ? { trace } : {}) };
  try {
    return { ...common, selection: await selectionOf(run, user_id, services), status: 'queued' };
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'permanent')) throw error;
    const { tests = [], definition: _definition, variables = {}, ...settings } = run;
    const selection = { tests, definitions: [], variables, ...settings };
    return { ...common, selection, status: 'error', error: reasonOf(error), ended_at: now };
  }
}

/** What is wrong, and where it is more than that: `Some of the tests cannot be run: there is no test 'tst_1'.` */
function reasonOf({ message, details }: AppError): string {
  const bare = (text: string) => text.replace(/\.$/, '');
  const more = details.map((detail) => bare(detail.message));
  const saysMore = more.some((one) => one.toLowerCase() !== bare(message).toLowerCase());
  return (saysMore ? `${bare(message)}: ${more.join('; ')}.` : message).slice(0, 1000);
}
