import type { RunEntity, TestEntity } from '../../schemas/entities.ts';
import type { RunRequest } from '../../schemas/requests.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { environmentChain } from '../../shared/domain/environment-chain.ts';
import type { Environments } from '../../shared/domain/environments.ts';
import { readStorableTest } from '../../shared/domain/storable-test.ts';
import type { Suites } from '../../shared/domain/suites.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import { AppError, type ErrorDetail } from '../../shared/platform/errors.ts';

/**
 * What a run executes: the tests that the request names, those of its suite, or the definition that it carries.
 * @throws AppError invalid-argument, unprocessable with what is wrong with each test
 */
export async function selectionOf(
  body: RunRequest,
  userId: string,
  {
    tests,
    suites,
    environments,
  }: { readonly tests: Tests; readonly suites: Suites; readonly environments: Environments },
): Promise<RunEntity['selection']> {
  const given = [body.tests, body.suite, body.definition].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new AppError('invalid-argument', "Name what to run: one of 'tests' (ids), 'suite' (an id) or 'definition'.");
  }
  if (body.tests?.length === 0) throw new AppError('invalid-argument', "'tests' is empty: there is nothing to run.");
  const ids = [...new Set(body.suite === undefined ? body.tests : await testsOf(body.suite, userId, suites))];
  const problems = (await tests.getAll(ids, userId)).flatMap((test, i) => unfit(test, ids[i] as string, body));
  if (problems.length > 0) {
    throw new AppError('unprocessable', 'Some of the tests cannot be run.', { details: problems });
  }
  if (body.environment !== undefined) await checkEnvironment(body.environment, userId, environments);
  const { baseUrl, retries, timeout, environment, updateSnapshots, failFast, variables = {} } = body;
  return {
    tests: ids,
    ...(body.suite === undefined ? {} : { suite: body.suite }),
    definitions: body.definition ? [checkedDefinition(body.definition)] : [],
    variables,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(environment === undefined ? {} : { environment }),
    ...(updateSnapshots === undefined ? {} : { updateSnapshots }),
    ...(failFast === undefined ? {} : { failFast }),
  };
}

/** @throws AppError unprocessable when there is no such environment, or none of those that it adds to */
export async function checkEnvironment(name: string, userId: string, environments: Environments): Promise<void> {
  try {
    await environmentChain(environments, userId, name);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unprocessable')) throw error;
    const hint = 'GET /v1/environments lists yours';
    const details = [{ pointer: '/environment', message: error.message, hint }];
    throw new AppError('unprocessable', error.message, { cause: error, details });
  }
}

async function testsOf(id: string, userId: string, suites: Suites): Promise<readonly string[]> {
  const suite = await suites.get(id, userId);
  if (suite) return suite.tests;
  const details = [{ pointer: '/suite', message: `there is no suite '${id}'` }];
  throw new AppError('unprocessable', `There is no suite '${id}'.`, { details });
}

function unfit(test: TestEntity | undefined, id: string, { tests = [] }: RunRequest): ErrorDetail[] {
  const pointer = `/tests/${tests.indexOf(id)}`;
  if (!test) return [{ pointer, message: `there is no test '${id}'` }];
  if (test.status === 'ready') return [];
  return [{ pointer, message: `the test '${id}' is invalid`, hint: `read its diagnostics: GET /v1/tests/${id}` }];
}

function checkedDefinition(given: Record<string, unknown>): TestDefinition {
  const { definition, suite, diagnostics } = readStorableTest(JSON.stringify(given), { name: 'definition.json' });
  if (definition) return definition;
  if (suite) throw new AppError('unprocessable', 'The definition is a suite: store it, and run it by its id.');
  throw new AppError('unprocessable', 'The definition is not valid.', { details: diagnostics });
}
