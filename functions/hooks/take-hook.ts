import type { HookEntity } from '../../schemas/entities.ts';
import { checkStartingRate } from '../../shared/domain/starting-rate.ts';
import { emptyTotals } from '../../shared/domain/totals.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';
import { isDeletion, readCommit } from './read-commit.ts';
import type { Services } from './services.ts';
import { verifySender } from './verify-sender.ts';

export const takeHook = route<Services, 'raw'>({
  method: 'POST',
  path: '/v1/hooks/:id',
  summary: 'For the sender of a hook: starts a run when the signature holds; what comes again starts nothing.',
  access: 'public',
  answers: { 200: 'hook-taken', 202: 'hook-taken' },
  body: 'raw',
  async handle(request, services) {
    const { hooks, runs, users, cipher, clock } = services;
    const id = request.params.id ?? '';
    const hook = await hooks.get(id);
    const secret = hook?.active ? (await cipher.decrypt(hook.secret)).toString('utf8') : undefined;
    const verified = hook && secret && verifySender(hook.sender, request, secret, clock.now());
    if (!hook || !verified || (await users.get(hook.user_id))?.disabled)
      throw new AppError('not-found', `There is no hook '${id}' that the request is signed for.`);
    annotate({ user_id: hook.user_id });
    if (!starts(hook, verified.event) || isDeletion(request.body)) return { status: 200, body: { started: false } };
    const runId = derivedId('run', hook.id, verified.key);
    annotate({ run_id: runId });
    const again = { status: 200, body: { started: false, runId } };
    if (await runs.get(runId)) return again;
    await checkStartingRate(`hook ${hook.id}`, services.buckets);
    const trace = currentTrace();
    const commit = readCommit(hook.sender, request.body);
    const created = await runs.create({
      id: runId,
      user_id: hook.user_id,
      selection: await selectionOf(hook, services),
      status: 'queued',
      trigger: 'event',
      totals: emptyTotals,
      ...(commit ? { commit } : {}),
      ...(trace ? { trace } : {}),
    });
    if (!created) return again;
    return { status: 202, headers: { location: `/v1/runs/${runId}` }, body: { started: true, runId } };
  },
});

/** GitHub's ping only asks whether somebody is there. */
function starts({ sender, events }: HookEntity, event: string): boolean {
  if (sender === 'github' && event === 'ping') return false;
  return events.length === 0 || events.includes(event);
}

async function selectionOf(
  { user_id, suite, tests, environment, base_url, variables }: HookEntity,
  services: Services,
) {
  const found = suite === undefined ? undefined : await services.suites.get(suite, user_id);
  if (suite !== undefined && !found) throw new AppError('conflict', `The suite '${suite}' of the hook is gone.`);
  return {
    tests: found ? await services.suites.testsOf(found) : [...tests],
    ...(suite === undefined ? {} : { suite }),
    definitions: [],
    variables,
    ...(environment === undefined ? {} : { environment }),
    ...(base_url === undefined ? {} : { baseUrl: base_url }),
  };
}
