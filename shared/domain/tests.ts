import type { RunEntity, SuiteEntity, TestEntity, TestOutcome } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { suitesCollection, testsCollection } from '../resources/collections.ts';
import { chooseTests } from './choose-tests.ts';
import { Documents, read } from './documents.ts';
import { storable } from './storable.ts';

/** What an import found out about a file. */
export type ImportedTest = Omit<TestEntity, 'id' | 'created_at' | 'updated_at' | 'version'>;

export interface Tests {
  /** @returns undefined when there is none, or when it is somebody else's. */
  get(id: string, userId: string): Promise<TestEntity | undefined>;
  getAll(ids: readonly string[], userId: string): Promise<(TestEntity | undefined)[]>;
  list(userId: string, page: Page): Promise<TestEntity[]>;
  /** The ids of a user's tests that have one of the tags, in the order of their files. */
  tagged(tags: readonly string[], userId: string): Promise<string[]>;
  /**
   * Stores what an object's generation says; a new one makes a new version. An older generation than the stored one,
   * or the same one again, changes nothing. A suite that the object held before is gone, with its tests.
   */
  import(test: ImportedTest): Promise<TestEntity>;
  /** Waits until the object's generation, or a newer one, has been imported. */
  waitForImport(id: string, generation: string, timeoutMs: number): Promise<TestEntity | undefined>;
  delete(id: string): Promise<void>;
  /**
   * Notes what a run made of a test, once; `next` gives it, from what the last one made of it. Nothing of a test that
   * is not stored, or when a later run was noted before.
   * @returns what is noted of this run: the same when it comes again
   */
  noteOutcome(
    id: string,
    run: RunEntity,
    next: (before: TestOutcome | undefined) => TestOutcome,
  ): Promise<TestOutcome | undefined>;
}

/** A test's id follows from where its file lies. */
export const testIdOf = (bucket: string, name: string): string => derivedId('tst', bucket, name);

/** A suite's id follows from where its file lies. */
export const suiteIdOf = (bucket: string, name: string): string => derivedId('sui', bucket, name);

export const tests = defineService([writes(testsCollection), writes(suitesCollection)], (platform): Tests => {
  const documents = new Documents<TestEntity>(testsCollection, platform);
  const suites = new Documents<SuiteEntity>(suitesCollection, platform);
  const ownedBy = (userId: string) => (test: TestEntity | undefined) => (test?.user_id === userId ? test : undefined);
  return {
    get: async (id, userId) => ownedBy(userId)(await documents.get(id)),
    getAll: async (ids, userId) => (await documents.getAll(ids)).map(ownedBy(userId)),
    list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
    tagged: (tags, userId) => chooseTests(documents, userId, { tags }),
    async import(test) {
      const id = testIdOf(test.object.bucket, test.object.name);
      const ref = await documents.ref(id);
      const suiteRef = await suites.ref(suiteIdOf(test.object.bucket, test.object.name));
      return await documents.transaction(async (transaction) => {
        const [testNow, suiteNow] = await transaction.getAll(ref, suiteRef);
        const current = testNow && read<TestEntity>(testNow);
        const suite = suiteNow && read<SuiteEntity>(suiteNow);
        if (current && BigInt(current.object.generation) >= BigInt(test.object.generation)) return current;
        const now = documents.now();
        const next: TestEntity = {
          ...test,
          id,
          created_at: current?.created_at ?? now,
          updated_at: now,
          version: (current?.version ?? 0) + 1,
          ...(current?.last_outcome === undefined ? {} : { last_outcome: current.last_outcome }),
        };
        if (suite?.object && BigInt(suite.object.generation) >= BigInt(test.object.generation))
          return { ...next, object: suite.object };
        for (const gone of suite?.tests ?? []) transaction.delete(await documents.ref(gone));
        if (suite) transaction.delete(suiteRef);
        transaction.set(ref, storable(next));
        return next;
      });
    },
    waitForImport: (id, generation, timeoutMs) =>
      documents.waitFor(id, (test) => !!test && BigInt(test.object.generation) >= BigInt(generation), timeoutMs),
    delete: (id) => documents.delete(id),
    async noteOutcome(id, run, next) {
      const ref = await documents.ref(id);
      return await documents.transaction(async (transaction) => {
        const test = read<TestEntity>(await transaction.get(ref));
        if (test?.user_id !== run.user_id) return undefined;
        const before = test.last_outcome;
        if (before?.run_id === run.id) return before;
        const outcome = next(before);
        if (before && before.ended_at >= outcome.ended_at) return undefined;
        // The test itself has not changed: neither has the time of its last change.
        transaction.update(ref, { last_outcome: outcome });
        return outcome;
      });
    },
  };
});
