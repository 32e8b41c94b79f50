import type { RunEntity, TestEntity } from '../../schemas/entities.ts';
import type { RunRequest } from '../../schemas/requests.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { AppError, type ErrorDetail } from '../platform/errors.ts';
import { checkEnvironment } from './environment-chain.ts';
import type { Environments } from './environments.ts';
import { readStorableTest } from './storable-test.ts';
import type { Suites } from './suites.ts';
import type { Tests } from './tests.ts';

/** What is needed to find out what a request to run something stands for. */
export interface SelectionServices {
  readonly tests: Pick<Tests, 'getAll' | 'tagged'>;
  readonly suites: Pick<Suites, 'get' | 'testsOf'>;
  readonly environments: Pick<Environments, 'named'>;
}

/**
 * What a run executes: the tests that the request names, those of its suite, those with one of its tags, or the
 * definition that it carries.
 * @param at where the request stands in the body that it came in: `/run`
 * @throws AppError invalid-argument, unprocessable with what is wrong with each test
 */
export async function selectionOf(
  body: RunRequest,
  userId: string,
  services: SelectionServices,
  at = '',
): Promise<RunEntity['selection']> {
  checkOneGiven(body);
  const { tests, environments } = services;
  const ids = await idsOf(body, userId, services, at);
  const problems = (await tests.getAll(ids, userId)).flatMap((test, i) => unfit(test, ids[i] as string, body, at));
  if (problems.length > 0) {
    throw new AppError('unprocessable', 'Some of the tests cannot be run.', { details: problems });
  }
  if (body.environment !== undefined) await checkEnvironment(body.environment, userId, environments, at);
  const { tests: _tests, definition, variables = {}, ...settings } = body;
  return { tests: ids, definitions: definition ? [await checkedDefinition(definition)] : [], variables, ...settings };
}

function checkOneGiven({ tests, suite, tags, definition }: RunRequest): void {
  const given = [tests, suite, tags, definition].filter((one) => one !== undefined);
  if (given.length !== 1) {
    const which = "one of 'tests' (ids), 'suite' (an id), 'tags' or 'definition'";
    throw new AppError('invalid-argument', `Name what to run: ${which}.`);
  }
  if (tests?.length === 0) throw new AppError('invalid-argument', "'tests' is empty: there is nothing to run.");
}

async function idsOf(
  { tests: named, suite: id, tags }: RunRequest,
  userId: string,
  { tests, suites }: SelectionServices,
  at: string,
): Promise<string[]> {
  if (id !== undefined) {
    const suite = await suites.get(id, userId);
    if (!suite) throw missing(`there is no suite '${id}'`, `${at}/suite`);
    const found = await suites.testsOf(suite);
    if (found.length === 0) throw missing(`the suite '${id}' has no tests`, `${at}/suite`);
    return found;
  }
  if (tags === undefined) return [...new Set(named)];
  const tagged = await tests.tagged(tags, userId);
  if (tagged.length === 0)
    throw missing(`no test has the ${tags.length > 1 ? 'tags' : 'tag'} ${tags.join(', ')}`, `${at}/tags`);
  return tagged;
}

const missing = (message: string, pointer: string): AppError =>
  new AppError('unprocessable', `${message[0]?.toUpperCase()}${message.slice(1)}.`, {
    details: [{ pointer, message }],
  });

function unfit(test: TestEntity | undefined, id: string, { tests = [] }: RunRequest, at: string): ErrorDetail[] {
  const pointer = `${at}/tests/${tests.indexOf(id)}`;
  if (!test) return [{ pointer, message: `there is no test '${id}'` }];
  if (test.status === 'ready') return [];
  return [{ pointer, message: `the test '${id}' is invalid`, hint: `read its diagnostics: GET /v1/tests/${id}` }];
}

async function checkedDefinition(given: Record<string, unknown>): Promise<TestDefinition> {
  const { definition, suite, diagnostics } = await readStorableTest(JSON.stringify(given), { name: 'definition.json' });
  if (definition) return definition;
  if (suite) throw new AppError('unprocessable', 'The definition is a suite: store it, and run it by its id.');
  throw new AppError('unprocessable', 'The definition is not valid.', { details: diagnostics });
}
