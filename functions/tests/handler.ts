import { planQuery, uploadQuery } from '../../schemas/requests.ts';
import type { Shelf } from '../../shared/domain/library.ts';
import type { Suites } from '../../shared/domain/suites.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import { deleteRoute, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';
import { fileNameOf } from './file-name.ts';
import { ownedTest } from './owned-test.ts';
import { readSent, uploadReply, view } from './upload.ts';

export interface Services {
  readonly tests: Tests;
  readonly suites: Suites;
  readonly library: Shelf;
  readonly files: ObjectStore;
}

/** A test file is checked before it is stored: a wrong one is refused with its diagnostics, and nothing is kept. */
export const uploadTest = route<Services, 'raw', typeof uploadQuery>({
  method: 'POST',
  path: '/v1/tests',
  summary: 'Stores a test file in any form; its name is in the query (?name=) or the header X-File-Name.',
  access: { scope: 'tests:write' },
  answers: { 201: 'test-or-suite', 202: 'importing' },
  body: 'raw',
  query: uploadQuery,
  async handle(request, services) {
    const name = fileNameOf(request);
    const file = await readSent(request, name, services);
    const objectName = `tests/${request.caller.userId}/${name}`;
    const generation = await services.files.put(objectName, request.body, {
      contentType: request.header('content-type') ?? 'application/yaml',
      metadata: {
        owner: request.caller.userId,
        content_hash: contentHash(file.definition ?? file.suite),
        ...(request.query.run ? { run: request.query.run } : {}),
      },
    });
    return await uploadReply(file, { objectName, generation, waitMs: (request.waitSeconds ?? 0) * 1000 }, services);
  },
});

export const planTest = route<Services, 'raw', typeof planQuery>({
  method: 'POST',
  path: '/v1/tests/plan',
  summary: 'Reads a test file in any form and gives its canonical steps or its diagnostics; nothing is stored.',
  access: { scope: 'tests:read' },
  answers: { 200: 'plan' },
  body: 'raw',
  query: planQuery,
  async handle(request, services) {
    const { form, definition, suite, diagnostics } = await readSent(request, fileNameOf(request), services);
    if (definition)
      return { status: 200, body: { form, definition, diagnostics, contentHash: contentHash(definition) } };
    const tests = suite?.tests.map((test) => ({ ...test, contentHash: contentHash(test.definition) }));
    return { status: 200, body: { form, suite: { ...suite, tests }, diagnostics } };
  },
});

export const listTests = listRoute(
  { path: '/v1/tests', summary: 'Lists your tests, newest first.', scope: 'tests:read', answer: 'tests' },
  ({ tests }: Services, userId, page) => tests.list(userId, page),
  view,
);

export const readTest = readRoute(
  {
    path: '/v1/tests/:id',
    summary: 'Reads a test with its definition and diagnostics.',
    scope: 'tests:read',
    answer: 'test',
  },
  ownedTest,
  view,
);

export const deleteTest = deleteRoute(
  { path: '/v1/tests/:id', summary: 'Deletes a test and its file.', scope: 'tests:write' },
  ownedTest,
  view,
  async ({ tests, files }: Services, test, check) => {
    check(test);
    if (test.suite_id) {
      const hint = `delete the suite: DELETE /v1/suites/${test.suite_id}`;
      const details = [{ pointer: '/id', message: 'the test stands in the file of a suite', hint }];
      throw new AppError('conflict', `The test '${test.id}' is part of a suite.`, { details });
    }
    await files.delete(test.object.name);
    await tests.delete(test.id);
  },
);
