import type { RunEntity } from '../../schemas/entities.ts';
import { rerunRequest } from '../../schemas/requests.ts';
import { checkEnvironment } from '../../shared/domain/environment-chain.ts';
import { hasEnded } from '../../shared/domain/runs.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { owned, type Services } from './services.ts';
import { startRun } from './start-run.ts';

export const rerunRun = route<Services, typeof rerunRequest>({
  method: 'POST',
  path: '/v1/runs/:id/rerun',
  summary:
    'Runs the tests of a run again, or only what did not pass of it; then the report has what passed before, too.',
  access: { scope: 'runs:write' },
  answers: { 202: 'run-started' },
  limit: 'run',
  body: rerunRequest,
  async handle(request, services) {
    const before = await owned(request, services);
    const { failedOnly = false, ...changes } = request.body;
    if (failedOnly) checkFailed(before);
    if (changes.environment !== undefined) {
      await checkEnvironment(changes.environment, request.caller.userId, services.environments);
    }
    const variables = { ...before.selection.variables, ...changes.variables };
    const selection = { ...before.selection, ...changes, variables };
    const { id: rerun_of, commit } = before;
    const rerun = { rerun_of, ...(failedOnly ? { failed_only: true } : {}), ...(commit ? { commit } : {}) };
    return await startRun(request, { selection, trigger: 'rerun', ...rerun }, services);
  },
});

function checkFailed(before: RunEntity): void {
  if (!hasEnded(before)) {
    throw new AppError('conflict', `The run '${before.id}' has not ended: what fails of it is not known yet.`);
  }
  if (before.status === 'passed') {
    throw new AppError('unprocessable', `All tests of the run '${before.id}' passed: there is nothing to run again.`);
  }
}
