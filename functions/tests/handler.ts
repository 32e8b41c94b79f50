import type { TestEntity } from '../../schemas/entities.ts';
import { listQuery, planQuery, uploadQuery } from '../../schemas/requests.ts';
import type { Diagnostic } from '../../schemas/test-definition.ts';
import { readStorableTest } from '../../shared/domain/storable-test.ts';
import { type Tests, testIdOf } from '../../shared/domain/tests.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { listReply, pageOf } from '../../shared/http/lists.ts';
import { type ApiRequest, route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import { testsBucket } from '../../shared/resources/buckets.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';
import { fileNameOf } from './file-name.ts';

export interface Services {
  readonly tests: Tests;
  readonly files: ObjectStore;
}

/** A test file is checked before it is stored: a wrong one is refused with its diagnostics, and nothing is kept. */
export const uploadTest = route<Services, 'raw', typeof uploadQuery>({
  method: 'POST',
  path: '/v1/tests',
  summary: 'Stores a test file in any form; its name is in the query (?name=) or the header X-File-Name.',
  access: { scope: 'tests:write' },
  body: 'raw',
  query: uploadQuery,
  async handle(request, { tests, files }) {
    const name = fileNameOf(request);
    const { diagnostics, definition } = readStorableTest(request.body, { name });
    if (!definition) throw rejected(diagnostics);
    const objectName = `tests/${request.caller.userId}/${name}`;
    const generation = await files.put(objectName, request.body, {
      contentType: request.header('content-type') ?? 'application/yaml',
      metadata: {
        owner: request.caller.userId,
        content_hash: contentHash(definition),
        ...(request.query.run ? { run: request.query.run } : {}),
      },
    });
    const id = testIdOf(testsBucket.name, objectName);
    const location = `/v1/tests/${id}`;
    const imported = request.waitSeconds
      ? await tests.waitForImport(id, generation, request.waitSeconds * 1000)
      : undefined;
    if (imported && BigInt(imported.object.generation) >= BigInt(generation)) {
      return { status: 201, headers: { location }, body: view(imported) };
    }
    return { status: 202, headers: { location }, body: { id, status: 'importing', diagnostics } };
  },
});

export const planTest = route<Services, 'raw', typeof planQuery>({
  method: 'POST',
  path: '/v1/tests/plan',
  summary: 'Reads a test file in any form and gives its canonical steps or its diagnostics; nothing is stored.',
  access: { scope: 'tests:read' },
  body: 'raw',
  query: planQuery,
  async handle(request) {
    const { form, definition, diagnostics } = readStorableTest(request.body, { name: fileNameOf(request) });
    if (!definition) throw rejected(diagnostics);
    return { status: 200, body: { form, definition, diagnostics, contentHash: contentHash(definition) } };
  },
});

export const listTests = route<Services, undefined, typeof listQuery>({
  method: 'GET',
  path: '/v1/tests',
  summary: 'Lists your tests, newest first.',
  access: { scope: 'tests:read' },
  query: listQuery,
  async handle({ query, caller }, { tests }) {
    const page = pageOf(query);
    return listReply(page, await tests.list(caller.userId, page), view);
  },
});

export const readTest = route<Services>({
  method: 'GET',
  path: '/v1/tests/:id',
  summary: 'Reads a test with its definition and diagnostics.',
  access: { scope: 'tests:read' },
  handle: async (request, { tests }) => ({ status: 200, body: view(await owned(request, tests)) }),
});

export const deleteTest = route<Services>({
  method: 'DELETE',
  path: '/v1/tests/:id',
  summary: 'Deletes a test and its file.',
  access: { scope: 'tests:write' },
  async handle(request, { tests, files }) {
    const test = await owned(request, tests);
    await files.delete(test.object.name);
    await tests.delete(test.id);
    return { status: 204 };
  },
});

async function owned({ params, caller }: ApiRequest<unknown>, tests: Tests): Promise<TestEntity> {
  const test = await tests.get(params.id ?? '', caller.userId);
  if (!test) throw new AppError('not-found', `There is no test '${params.id}'.`);
  return test;
}

const view = (test: TestEntity) => camelize(test);

function rejected(diagnostics: readonly Diagnostic[]): AppError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  const where = first ? ` Line ${first.line}, column ${first.column}: ${first.message}` : '';
  return new AppError('unprocessable', `The test file has ${errors.length} problem(s).${where}`, {
    details: diagnostics,
  });
}
