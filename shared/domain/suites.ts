import type { Transaction } from '@google-cloud/firestore';
import type { SuiteEntity, TestEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { suitesCollection, testsCollection } from '../resources/collections.ts';
import { chooseTests } from './choose-tests.ts';
import { Documents, read } from './documents.ts';
import { storable } from './storable.ts';
import { type ImportedTest, suiteIdOf, testIdOf } from './tests.ts';

/** What an import found out about a file of several tests. */
export interface ImportedSuite extends Pick<SuiteEntity, 'user_id' | 'name' | 'description' | 'source'> {
  readonly object: SuiteObject;
  readonly tests: readonly Omit<ImportedTest, 'suite_id'>[];
}

type SuiteObject = NonNullable<SuiteEntity['object']>;

/** A suite of tests that stand in files of their own. */
export type NewSuite = Omit<SuiteEntity, 'created_at' | 'updated_at' | 'object' | 'source' | 'version'>;

export interface Suites {
  /** @returns undefined when there is none, or when it is somebody else's. */
  get(id: string, userId: string): Promise<SuiteEntity | undefined>;
  list(userId: string, page: Page): Promise<SuiteEntity[]>;
  /** The ids of its tests as they are now. @throws AppError unprocessable when a selector chooses too many */
  testsOf(suite: SuiteEntity): Promise<string[]>;
  create(suite: NewSuite): Promise<SuiteEntity>;
  /** Makes a new version, without anything in between. Gives undefined when there is none any more. */
  change(id: string, change: (current: SuiteEntity) => Partial<SuiteEntity>): Promise<SuiteEntity | undefined>;
  /**
   * Stores what an object's generation says: the suite and its tests, a new version of each. Tests that are not in it
   * any more are deleted. An older generation than the stored one changes nothing and gives undefined.
   */
  import(suite: ImportedSuite): Promise<{ suite: SuiteEntity; tests: TestEntity[] } | undefined>;
  /** Waits until the object's generation, or a newer one, has been imported. */
  waitForImport(id: string, generation: string, timeoutMs: number): Promise<SuiteEntity | undefined>;
  /** Deletes a suite; those of its tests that stand in its file, too. */
  delete(suite: SuiteEntity): Promise<void>;
}

/** The id of a test of a suite follows from the suite's file and the test's name. */
export const suiteTestIdOf = (bucket: string, name: string, test: string): string =>
  derivedId('tst', bucket, name, test);

export const suites = defineService([writes(suitesCollection), writes(testsCollection)], (platform): Suites => {
  const documents = new Documents<SuiteEntity>(suitesCollection, platform);
  const testDocuments = new Documents<TestEntity>(testsCollection, platform);

  async function store(transaction: Transaction, { tests, ...imported }: ImportedSuite) {
    const { bucket, name, generation } = imported.object;
    const id = suiteIdOf(bucket, name);
    const ids = tests.map((test) => suiteTestIdOf(bucket, name, test.name));
    const [ref, alone] = await Promise.all([documents.ref(id), testDocuments.ref(testIdOf(bucket, name))]);
    const refs = await Promise.all(ids.map((test) => testDocuments.ref(test)));
    const [suiteNow, aloneNow, ...testsNow] = await transaction.getAll(ref, alone, ...refs);
    const current = suiteNow && read<SuiteEntity>(suiteNow);
    const single = aloneNow && read<TestEntity>(aloneNow);
    const stored = [current, single].flatMap((entity) => (entity?.object ? [BigInt(entity.object.generation)] : []));
    if (stored.some((other) => other > BigInt(generation))) return undefined;
    const now = documents.now();
    const same = current?.object?.generation === generation;
    const entities = tests.map((test, at): TestEntity => {
      const snapshot = testsNow[at];
      const before = snapshot && read<TestEntity>(snapshot);
      const version = (before?.version ?? 0) + (same && before ? 0 : 1);
      const updated = same && before ? before.updated_at : now;
      return {
        ...test,
        id: ids[at] as string,
        suite_id: id,
        created_at: before?.created_at ?? now,
        updated_at: updated,
        version,
      };
    });
    const version = (current?.version ?? 0) + 1;
    const stamps = { created_at: current?.created_at ?? now, updated_at: now };
    const suite: SuiteEntity = { ...imported, id, tests: ids, version, ...stamps };
    if (!same) {
      for (const gone of current?.tests.filter((test) => !ids.includes(test)) ?? [])
        transaction.delete(await testDocuments.ref(gone));
      if (single) transaction.delete(alone);
      for (const [at, entity] of entities.entries())
        transaction.set(refs[at] as (typeof refs)[number], storable(entity));
      transaction.set(ref, storable(suite));
    }
    return { suite: same && current ? current : suite, tests: entities };
  }

  return {
    async get(id, userId) {
      const suite = await documents.get(id);
      return suite?.user_id === userId ? suite : undefined;
    },
    list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
    testsOf: async ({ user_id, tests, selector }) =>
      selector ? await chooseTests(testDocuments, user_id, selector) : [...new Set(tests)],
    async create(suite) {
      const now = documents.now();
      const stored = { ...suite, version: 1, created_at: now, updated_at: now };
      await documents.create(stored);
      return stored;
    },
    change: (id, change) =>
      documents.change(id, (current) => ({ ...change(current), version: (current.version ?? 0) + 1 })),
    import: (suite) => documents.transaction((transaction) => store(transaction, suite)),
    waitForImport: (id, generation, timeoutMs) =>
      documents.waitFor(
        id,
        (suite) => !!suite?.object && BigInt(suite.object.generation) >= BigInt(generation),
        timeoutMs,
      ),
    delete: (suite) =>
      documents.transaction(async (transaction) => {
        for (const test of suite.object ? suite.tests : []) transaction.delete(await testDocuments.ref(test));
        transaction.delete(await documents.ref(suite.id));
      }),
  };
});
