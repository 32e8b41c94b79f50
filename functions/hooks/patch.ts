import type { HookEntity } from '../../schemas/entities.ts';
import { type HookPatch, hookPatch } from '../../schemas/hooks.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { checkSelection } from './check-selection.ts';
import { missing, owned, type Services, view } from './services.ts';

export const patchHook = route<Services, typeof hookPatch>({
  method: 'PATCH',
  path: '/v1/hooks/:id',
  summary: 'Changes a hook, pauses it or has it go on; null takes events, environment or address away.',
  access: { scope: 'runs:write' },
  answers: { 200: 'hook' },
  body: hookPatch,
  async handle(request, services) {
    const { body, caller } = request;
    const hook = await owned(request, services);
    const { FieldValue } = await import('@google-cloud/firestore');
    const gone = FieldValue.delete() as never;
    if (body.tests && body.suite !== undefined)
      throw new AppError('invalid-argument', "Name what to run: one of 'tests' (ids) or 'suite' (an id).");
    await checkSelection(selectionOf(hook, body), caller.userId, services);
    const changed = await services.hooks.change(hook.id, (current) => {
      checkIfMatch(request.header('if-match'), view(current));
      return changes(body, gone);
    });
    if (!changed) throw new AppError('not-found', missing(hook.id));
    return { status: 200, body: view(await owned(request, services)) };
  },
});

/** What the hook runs when it is changed. */
function selectionOf(hook: HookEntity, { tests, suite, environment }: HookPatch) {
  const what = tests || suite ? { tests: tests ?? [], suite } : { tests: hook.tests, suite: hook.suite };
  return { ...what, environment: environment === undefined ? hook.environment : (environment ?? undefined) };
}

/** @param gone what takes a field away */
function changes(
  { name, active, events, tests, suite, environment, baseUrl, variables }: HookPatch,
  gone: never,
): Partial<HookEntity> {
  const plain = Object.entries({ name, active, variables }).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(plain),
    ...(events === undefined ? {} : { events: events ?? [] }),
    ...(tests ? { tests, suite: gone } : {}),
    ...(suite === undefined ? {} : { suite, tests: [] }),
    ...(environment === undefined ? {} : { environment: environment ?? gone }),
    ...(baseUrl === undefined ? {} : { base_url: baseUrl ?? gone }),
  };
}
