import type { TestEntity } from '../../schemas/entities.ts';
import type { Diagnostic } from '../../schemas/test-definition.ts';
import type { ObjectInput } from '../../shared/define/trigger.ts';
import { sourceOf } from '../../shared/domain/file-source.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import { readStoredTest } from '../../shared/domain/storable-test.ts';
import type { Suites } from '../../shared/domain/suites.ts';
import type { ImportedTest, Tests } from '../../shared/domain/tests.ts';
import { emptyTotals } from '../../shared/domain/totals.ts';
import type { Events } from '../../shared/events/publish.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import { type ObjectStore, whereThere } from '../../shared/platform/object-store.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';
import { LARGEST_FILE } from '../../shared/test-files/decode.ts';
import { NO_TEST } from '../../shared/test-files/no-test.ts';
import type { Suite, SuiteTest, TestFile } from '../../shared/test-files/read.ts';

export interface Services {
  readonly files: ObjectStore;
  readonly tests: Tests;
  readonly suites: Suites;
  readonly runs: Runs;
  readonly events: Events;
}

/** Objects that are tests lie below `tests/{user}/`; a name that ends with a slash is a folder's. */
const TEST_OBJECT = /^tests\/([^/]+)\/(.*[^/])$/;
/** What else lies there is for tests to upload or to read: data, pictures, documents. */
const TEST_FILE = /\.(ya?ml|json)$/i;
const MOST_DIAGNOSTICS = 100;

/** Reads a test file that has landed in the bucket, stores what it says, and runs it when its metadata asks for that. */
export async function importTest(object: ObjectInput, services: Services & Base): Promise<void> {
  const [, folder, path] = object.name.match(TEST_OBJECT) ?? [];
  if (!folder || !path) return services.log.info('not a test file: outside tests/{user}/', { object: object.name });
  if (!isTestFile(path, object)) return services.log.info('no test file: one for uploads', { object: object.name });
  const userId = object.metadata.owner ?? folder;
  annotate({ user_id: userId });
  const source = await services.files.get(object.name, { generation: object.generation, most: LARGEST_FILE });
  const others = new Set<string>();
  const file = await readStoredTest(source, path, (other) => {
    others.add(other);
    return whereThere(services.files.get(`tests/${userId}/${other}`, { most: LARGEST_FILE }));
  });
  if (file.diagnostics.some(({ code }) => code === NO_TEST))
    return services.log.info('no test: blocks for other files', { object: object.name });
  const where = {
    user_id: userId,
    object: { bucket: object.bucket, name: object.name, generation: object.generation },
  };
  // What takes in other files may say another thing tomorrow.
  const made = others.size === 0 ? { source: sourceOf(source) } : {};
  const stored = file.suite
    ? await importSuite(file.suite, file.diagnostics, { ...where, ...made }, services)
    : await importOne(path, file, file.definition ? { ...where, ...made } : where, services);
  if (!stored) return services.log.info('a newer version was imported before', { object: object.name });
  for (const test of stored.tests) await announce(test, services);
  const ready = stored.tests.filter(({ status }) => status === 'ready');
  if (object.metadata.run === 'on-upload' && ready.length > 0) await startRun(ready, stored.suite, object, services);
}

/** A test that was stored by the API, which says so, may be called anything. */
const isTestFile = (path: string, { metadata }: ObjectInput): boolean =>
  TEST_FILE.test(path) || metadata.content_hash !== undefined || metadata.run !== undefined;

type Where = Pick<ImportedTest, 'user_id' | 'object' | 'source'>;

async function importOne(path: string, { form, definition, diagnostics }: TestFile, where: Where, { tests }: Services) {
  const test = await tests.import({
    ...where,
    name: definition?.name ?? path,
    form: form ?? null,
    definition: definition ?? null,
    content_hash: definition ? contentHash(definition) : '',
    status: definition ? 'ready' : 'invalid',
    diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS),
    tags: definition?.tags ?? [],
  });
  return test.object.generation === where.object.generation ? { suite: undefined, tests: [test] } : undefined;
}

async function importSuite(
  { name, description, tests }: Suite,
  diagnostics: readonly Diagnostic[],
  { source, ...where }: Where,
  { suites }: Services,
) {
  const toTest = ({ form, definition }: SuiteTest, at: number) => ({
    ...where,
    name: definition.name,
    form,
    definition,
    content_hash: contentHash(definition),
    status: 'ready' as const,
    // Warnings are the file's: the first test keeps them.
    diagnostics: at === 0 ? diagnostics.slice(0, MOST_DIAGNOSTICS) : [],
    tags: definition.tags,
  });
  const described = description === undefined ? {} : { description };
  const made = source ? { source } : {};
  return await suites.import({ ...where, ...made, name, ...described, tests: tests.map(toTest) });
}

async function announce(test: TestEntity, { events }: Services): Promise<void> {
  const common = { key: [test.id, test.object.generation], subject: `tests/${test.id}`, time: test.updated_at };
  const named = { user_id: test.user_id, test_id: test.id, name: test.name };
  if (test.status === 'ready') {
    const data = { ...named, version: test.version, content_hash: test.content_hash };
    await events.publish([{ ...common, type: 'test.imported', data }]);
  } else {
    await events.publish([{ ...common, type: 'test.rejected', data: { ...named, problems: test.diagnostics.length } }]);
  }
}

async function startRun(
  [first, ...others]: readonly TestEntity[],
  suite: { readonly id: string } | undefined,
  object: ObjectInput,
  { runs }: Services,
): Promise<void> {
  if (!first) return;
  const trace = currentTrace();
  const tests = [first, ...others].map(({ id }) => id);
  await runs.create({
    id: derivedId('run', object.bucket, object.name, object.generation),
    user_id: first.user_id,
    selection: { tests, ...(suite ? { suite: suite.id } : {}), definitions: [], variables: {} },
    status: 'queued',
    trigger: 'upload',
    totals: emptyTotals,
    ...(trace ? { trace } : {}),
  });
}
