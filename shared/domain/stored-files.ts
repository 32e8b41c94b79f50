import type { SuiteEntity, TestEntity } from '../../schemas/entities.ts';
import { defineService, reads } from '../define/service.ts';
import { suitesCollection, testsCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';
import { isMadeOf } from './file-source.ts';
import { suiteIdOf, testIdOf } from './tests.ts';

/** A file that may be stored already. */
export interface KnownFile {
  readonly bucket: string;
  readonly object: string;
  /** SHA-256 of its bytes, in hex. */
  readonly digest: string;
}

/** What was made of a file: a test, or a suite with its tests. */
export interface StoredFile {
  readonly id: string;
  /** Of the object that it was made of. */
  readonly generation: string;
  readonly tests?: readonly { readonly id: string; readonly name: string }[];
}

export interface StoredFiles {
  /**
   * What was made of files, in their order, from a few reads however many there are. Undefined of a file that an import
   * would make something else of, that cannot be run, or that is somebody else's.
   */
  find(files: readonly KnownFile[], userId: string): Promise<(StoredFile | undefined)[]>;
}

/** Tests of suites that are told of at once, as many as a run takes: the suites behind them count as not stored. */
const MOST_TESTS = 1000;

type MadeSuite = Pick<SuiteEntity, 'id' | 'user_id' | 'object' | 'source' | 'tests'>;
type Made = Pick<TestEntity, 'id' | 'user_id' | 'object' | 'source'> | MadeSuite;

const isSuite = (made: Made | undefined): made is MadeSuite => made !== undefined && 'tests' in made;

export const storedFiles = defineService([reads(testsCollection), reads(suitesCollection)], (platform): StoredFiles => {
  const tests = new Documents<TestEntity>(testsCollection, platform);
  const suites = new Documents<SuiteEntity>(suitesCollection, platform);
  const fields = ['id', 'user_id', 'object', 'source'] as const;

  /** What has been made of each of the files, if it was made of the very bytes. */
  async function madeOf(files: readonly KnownFile[], userId: string): Promise<(Made | undefined)[]> {
    const [single, several] = await Promise.all([
      tests.getAll(
        files.map(({ bucket, object }) => testIdOf(bucket, object)),
        fields,
      ),
      suites.getAll(
        files.map(({ bucket, object }) => suiteIdOf(bucket, object)),
        [...fields, 'tests'],
      ),
    ]);
    return files.map(({ digest }, at) =>
      [single[at], several[at]].find((made) => made?.user_id === userId && isMadeOf(made.source, digest)),
    );
  }

  /** The tests of each suite that are there, by its id. */
  async function testsOf(found: readonly MadeSuite[]) {
    let sum = 0;
    const told = found.filter((suite) => {
      sum += suite.tests.length;
      return sum <= MOST_TESTS;
    });
    const ids = told.flatMap((suite) => suite.tests);
    const there = new Map((await tests.getAll(ids, ['id', 'name'])).map((test) => [test?.id, test]));
    return new Map(
      told.map((suite) => [suite.id, suite.tests.map((id) => there.get(id)).filter((test) => test !== undefined)]),
    );
  }

  return {
    async find(files, userId) {
      const made = await madeOf(files, userId);
      const ofSuites = await testsOf(made.filter(isSuite));
      return made.map((one) => {
        if (!one?.object) return undefined;
        const stored = { id: one.id, generation: one.object.generation };
        if (!isSuite(one)) return stored;
        const named = ofSuites.get(one.id);
        return named?.length === one.tests.length ? { ...stored, tests: named } : undefined;
      });
    },
  };
});
