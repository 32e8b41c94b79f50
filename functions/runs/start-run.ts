import { isDeepStrictEqual } from 'node:util';
import type { RunEntity } from '../../schemas/entities.ts';
import { storable } from '../../shared/domain/storable.ts';
import { emptyTotals } from '../../shared/domain/totals.ts';
import type { ApiReply, ApiRequest } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';
import { type Services, view } from './services.ts';

/** What a run is, beside its id and its state. */
export type WantedRun = Pick<RunEntity, 'selection' | 'trigger' | 'rerun_of' | 'failed_only' | 'commit'>;

/** Writes a run as queued, once for an Idempotency-Key, and says where it is; with Prefer: wait, once it has ended. @throws AppError rate-limited */
export async function startRun(
  request: ApiRequest<unknown>,
  wanted: WantedRun,
  { runs, usage, ids }: Services & Base,
): Promise<ApiReply> {
  const { userId } = request.caller;
  // Who sent it knows nothing of the document that it lies in: what cannot be kept is pointed to as it was sent.
  storable(wanted.selection);
  await usage.checkRun(request.caller);
  const key = idempotencyKeyOf(request);
  const id = key ? derivedId('run', userId, key) : ids.next('run');
  annotate({ run_id: id });
  const trace = currentTrace();
  const run = {
    ...wanted,
    id,
    user_id: userId,
    status: 'queued',
    totals: emptyTotals,
    ...(trace ? { trace } : {}),
  } as const;
  if (!(await runs.create(run))) checkSame(wanted, await runs.getOwned(id, userId));
  const ended = request.waitSeconds ? await runs.waitForEnd(id, request.waitSeconds * 1000) : undefined;
  return {
    status: 202,
    headers: { location: `/v1/runs/${id}` },
    body: ended ? view(ended) : { id, status: run.status, totals: run.totals },
  };
}

const LONGEST_KEY = 255;

function idempotencyKeyOf(request: ApiRequest<unknown>): string | undefined {
  const key = request.header('idempotency-key');
  if (key === undefined || key.length <= LONGEST_KEY) return key;
  throw new AppError('invalid-argument', `The Idempotency-Key has ${key.length} characters; at most ${LONGEST_KEY}.`);
}

/** A key stands for one request: the run that it made must be the one that is wanted. */
function checkSame(wanted: WantedRun, existing: RunEntity | undefined): void {
  const [asked, stored] = [wanted, existing].map((run) =>
    JSON.parse(JSON.stringify([run?.selection, run?.rerun_of, run?.failed_only])),
  );
  if (isDeepStrictEqual(asked, stored)) return;
  throw new AppError('unprocessable', 'The Idempotency-Key was used before, for another request.');
}
