import type { Transaction } from '@google-cloud/firestore';
import type { SuiteEntity, TestEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import { derivedId } from '../platform/ids.ts';
import { suitesCollection, testsCollection } from '../resources/collections.ts';
import { Documents, read } from './documents.ts';
import { storable } from './storable.ts';
import { type ImportedTest, suiteIdOf, testIdOf } from './tests.ts';

/** What an import found out about a file of several tests. */
export interface ImportedSuite extends Omit<SuiteEntity, 'id' | 'created_at' | 'updated_at' | 'tests'> {
  readonly tests: readonly Omit<ImportedTest, 'suite_id'>[];
}

export interface Suites {
  /** @returns undefined when there is none, or when it is somebody else's. */
  get(id: string, userId: string): Promise<SuiteEntity | undefined>;
  /**
   * Stores what an object's generation says: the suite and its tests, a new version of each. Tests that are not in it
   * any more are deleted. An older generation than the stored one changes nothing and gives undefined.
   */
  import(suite: ImportedSuite): Promise<{ suite: SuiteEntity; tests: TestEntity[] } | undefined>;
  /** Waits until the object's generation, or a newer one, has been imported. */
  waitForImport(id: string, generation: string, timeoutMs: number): Promise<SuiteEntity | undefined>;
  /** Deletes a suite and its tests. */
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
    const stored = [current, single].flatMap((entity) => (entity ? [BigInt(entity.object.generation)] : []));
    if (stored.some((other) => other > BigInt(generation))) return undefined;
    const now = documents.now();
    const same = current?.object.generation === generation;
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
    const suite: SuiteEntity = { ...imported, id, tests: ids, created_at: current?.created_at ?? now, updated_at: now };
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
    import: (suite) => documents.transaction((transaction) => store(transaction, suite)),
    waitForImport: (id, generation, timeoutMs) =>
      documents.waitFor(id, (suite) => !!suite && BigInt(suite.object.generation) >= BigInt(generation), timeoutMs),
    delete: (suite) =>
      documents.transaction(async (transaction) => {
        for (const test of suite.tests) transaction.delete(await testDocuments.ref(test));
        transaction.delete(await documents.ref(suite.id));
      }),
  };
});
