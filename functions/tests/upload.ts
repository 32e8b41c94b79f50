import type { SuiteEntity, TestEntity } from '../../schemas/entities.ts';
import type { Diagnostic } from '../../schemas/test-definition.ts';
import type { Shelf } from '../../shared/domain/library.ts';
import { readStoredTest } from '../../shared/domain/storable-test.ts';
import { type Suites, suiteTestIdOf } from '../../shared/domain/suites.ts';
import { suiteIdOf, type Tests, testIdOf } from '../../shared/domain/tests.ts';
import { camelize } from '../../shared/http/camelize.ts';
import type { ApiReply, ApiRequest } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { type ObjectStore, whereThere } from '../../shared/platform/object-store.ts';
import { testsBucket } from '../../shared/resources/buckets.ts';
import { LARGEST_FILE } from '../../shared/test-files/decode.ts';
import type { Suite, TestFile } from '../../shared/test-files/read.ts';

/** What a request's body says. @throws AppError unprocessable with the diagnostics when it cannot be run */
export async function readSent(
  { body, caller }: Pick<ApiRequest<Uint8Array>, 'body' | 'caller'>,
  name: string,
  { files, library }: { readonly files: ObjectStore; readonly library: Shelf },
): Promise<TestFile> {
  const load = (path: string) => whereThere(files.get(`tests/${caller.userId}/${path}`, { most: LARGEST_FILE }));
  const file = await readStoredTest(body, name, load, await namesFor(body, caller.userId, library));
  if (!file.definition && !file.suite) throw rejected(file.diagnostics);
  return file;
}

/** The names that the library has; not asked for where a file cannot use any. */
async function namesFor(body: Uint8Array, userId: string, library: Shelf): Promise<string[] | undefined> {
  return Buffer.from(body).includes('use') ? await library.names(userId) : undefined;
}

/** A file that was stored, and how long its import is waited for. */
export interface StoredFile {
  readonly objectName: string;
  readonly generation: string;
  readonly waitMs: number;
}

/** The reply to an upload: the test, or the suite with its tests, once it is imported; else where it will be. */
export async function uploadReply(
  file: TestFile,
  stored: StoredFile,
  services: { readonly tests: Tests; readonly suites: Suites },
): Promise<ApiReply> {
  if (file.suite) return await suiteReply(file.suite, file.diagnostics, stored, services.suites);
  const id = testIdOf(testsBucket.name, stored.objectName);
  const headers = { location: `/v1/tests/${id}` };
  const imported = stored.waitMs ? await services.tests.waitForImport(id, stored.generation, stored.waitMs) : undefined;
  if (imported && isImported(imported, stored)) return { status: 201, headers, body: view(imported) };
  return { status: 202, headers, body: { id, status: 'importing', diagnostics: file.diagnostics } };
}

/** The ids of a suite's tests follow from their names: they are known before the tests are stored. */
async function suiteReply(
  { name, tests }: Suite,
  diagnostics: readonly Diagnostic[],
  stored: StoredFile,
  suites: Suites,
): Promise<ApiReply> {
  const id = suiteIdOf(testsBucket.name, stored.objectName);
  const headers = { location: `/v1/suites/${id}` };
  const named = tests.map(({ definition }) => ({
    id: suiteTestIdOf(testsBucket.name, stored.objectName, definition.name),
    name: definition.name,
  }));
  const imported = stored.waitMs ? await suites.waitForImport(id, stored.generation, stored.waitMs) : undefined;
  const ready = imported !== undefined && isImported(imported, stored);
  const body = { id, name, status: ready ? 'ready' : 'importing', tests: named, diagnostics };
  return { status: ready ? 201 : 202, headers, body };
}

const isImported = ({ object }: Pick<SuiteEntity, 'object'>, { generation }: StoredFile): boolean =>
  object !== undefined && BigInt(object.generation) >= BigInt(generation);

/** A test as the API shows it: how it went last is no part of it, its ETag stays as it is. */
export const view = ({ last_outcome: _last, source: _source, ...test }: TestEntity) => camelize(test);

function rejected(diagnostics: readonly Diagnostic[]): AppError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  const where = first ? ` Line ${first.line}, column ${first.column}: ${first.message}` : '';
  return new AppError('unprocessable', `The test file has ${errors.length} problem(s).${where}`, {
    details: diagnostics,
  });
}
