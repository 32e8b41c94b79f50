import { checkEnvironment } from '../../shared/domain/environment-chain.ts';
import { AppError, type ErrorDetail } from '../../shared/platform/errors.ts';
import type { Services } from './services.ts';

/** What a hook runs. */
export interface Selection {
  readonly tests: readonly string[];
  readonly suite: string | undefined;
  readonly environment: string | undefined;
}

/** @throws AppError when what is to be run is not there */
export async function checkSelection(
  { tests, suite, environment }: Selection,
  userId: string,
  services: Services,
): Promise<void> {
  if (tests.length > 0 === (suite !== undefined))
    throw new AppError('invalid-argument', "Name what to run: one of 'tests' (ids) or 'suite' (an id).");
  const details: ErrorDetail[] = (await services.tests.getAll(tests, userId)).flatMap((test, i) =>
    test ? [] : [{ pointer: `/tests/${i}`, message: `there is no test '${tests[i]}'` }],
  );
  if (suite !== undefined && !(await services.suites.get(suite, userId)))
    details.push({ pointer: '/suite', message: `there is no suite '${suite}'` });
  if (details.length > 0) throw new AppError('unprocessable', 'What is to be run is not there.', { details });
  if (environment !== undefined) await checkEnvironment(environment, userId, services.environments);
}
