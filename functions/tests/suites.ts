import type { SuiteEntity } from '../../schemas/entities.ts';
import { type SuitePatch, suitePatch, suiteRequest } from '../../schemas/suites.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { deleteRoute, finder, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Services } from './handler.ts';

const missing = (id: string): string => `There is no suite '${id}'.`;
const owned = finder(({ suites }: Pick<Services, 'suites'>, id, userId) => suites.get(id, userId), missing);
const view = ({ source: _source, ...suite }: SuiteEntity) => camelize(suite);

export const createSuite = route<Services, typeof suiteRequest>({
  method: 'POST',
  path: '/v1/suites',
  summary:
    'Makes a suite of tests that stand in files of their own: those that it names, or those that fit a selector.',
  access: { scope: 'tests:write' },
  answers: { 201: 'suite' },
  body: suiteRequest,
  async handle({ body, caller }, { suites, tests, ids }) {
    const { name, description, tests: named, selector } = body;
    if ((named === undefined) === (selector === undefined))
      throw new AppError('invalid-argument', "Name its tests: one of 'tests' (ids) or 'selector'.");
    await checkTests(named, caller.userId, { tests });
    const suite = await suites.create({
      ...{ id: ids.next('sui'), user_id: caller.userId, name, tests: named ?? [] },
      ...(description === undefined ? {} : { description }),
      ...(selector ? { selector } : {}),
    });
    return { status: 201, headers: { location: `/v1/suites/${suite.id}` }, body: view(suite) };
  },
});

export const listSuites = listRoute(
  {
    path: '/v1/suites',
    summary: 'Lists your suites, newest first: those of files, and those that name or select tests.',
    scope: 'tests:read',
    answer: 'suites',
  },
  ({ suites }: Services, userId, page) => suites.list(userId, page),
  view,
);

export const readSuite = readRoute(
  {
    path: '/v1/suites/:id',
    summary: 'Reads a suite: its name and the ids of its tests, or how they are selected.',
    scope: 'tests:read',
    answer: 'suite',
  },
  owned,
  view,
);

export const patchSuite = route<Services, typeof suitePatch>({
  method: 'PATCH',
  path: '/v1/suites/:id',
  summary: 'Makes a new version of a suite. One that stands in a file is changed by its file.',
  access: { scope: 'tests:write' },
  answers: { 200: 'suite' },
  body: suitePatch,
  async handle(request, { suites, tests }) {
    const { body, caller } = request;
    const { id, object } = await owned(request, { suites });
    if (object) throw inFile(object.name);
    if (body.tests && body.selector)
      throw new AppError('invalid-argument', "Name its tests: one of 'tests' (ids) or 'selector'.");
    await checkTests(body.tests, caller.userId, { tests });
    const { FieldValue } = await import('@google-cloud/firestore');
    const changed = await suites.change(id, (current) => {
      checkIfMatch(request.header('if-match'), view(current));
      return changesOf(body, FieldValue.delete() as never);
    });
    if (!changed) throw new AppError('not-found', missing(id));
    return { status: 200, body: view(await owned(request, { suites })) };
  },
});

export const deleteSuite = deleteRoute(
  {
    path: '/v1/suites/:id',
    summary: 'Deletes a suite; one that stands in a file with its file and its tests.',
    scope: 'tests:write',
  },
  owned,
  view,
  async ({ suites, files }: Services, suite, check) => {
    check(suite);
    if (suite.object) await files.delete(suite.object.name);
    await suites.delete(suite);
  },
);

/** Tests take the place of a selector, and the other way. @param gone what takes a field away */
function changesOf({ name, description, tests, selector }: SuitePatch, gone: never): Partial<SuiteEntity> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description: description ?? gone }),
    ...(tests ? { tests, selector: gone } : {}),
    ...(selector ? { selector, tests: [] } : {}),
  };
}

/** @throws AppError unprocessable when one of the tests is not there */
async function checkTests(
  named: readonly string[] = [],
  userId: string,
  { tests }: Pick<Services, 'tests'>,
): Promise<void> {
  const details = (await tests.getAll(named, userId)).flatMap((test, i) =>
    test ? [] : [{ pointer: `/tests/${i}`, message: `there is no test '${named[i]}'` }],
  );
  if (details.length > 0) throw new AppError('unprocessable', 'Some of the tests are not there.', { details });
}

function inFile(object: string): AppError {
  const file = object.replace(/^tests\/[^/]+\//, '');
  const hint = `change the file and upload it again: POST /v1/tests?name=${encodeURIComponent(file)}`;
  const details = [{ message: `the suite stands in the file '${file}'`, hint }];
  return new AppError('conflict', `The suite stands in the file '${file}': ${hint}.`, { details });
}
