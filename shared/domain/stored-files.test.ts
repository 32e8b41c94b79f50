import assert from 'node:assert/strict';
import { testPlatform } from '../platform/testing.ts';
import { sourceOf } from './file-source.ts';
import { storedFiles } from './stored-files.ts';
import { suiteIdOf, testIdOf } from './tests.ts';

describe('files that are stored already', () => {
  const BYTES = Buffer.from('test: A\ndo: [c: a]\n');
  const source = sourceOf(BYTES);
  const bucket = 'virtuoso-tests';
  const at = (object: string) => ({ bucket, name: object, generation: '7' });
  const aStoredTest = (object: string, more: object = {}) => {
    const id = testIdOf(bucket, object);
    return { [`tests/${id}`]: { id, user_id: 'usr_1', name: object, object: at(object), source, ...more } };
  };
  const aStoredSuite = (object: string, tests: string[], more: object = {}) => {
    const id = suiteIdOf(bucket, object);
    const stored = Object.fromEntries(tests.map((test) => [`tests/${test}`, { id: test, name: `of ${test}` }]));
    return { ...stored, [`suites/${id}`]: { id, user_id: 'usr_1', tests, object: at(object), source, ...more } };
  };

  /** Looks for files that all have the same bytes. */
  async function find(stored: Record<string, object>, objects: readonly string[], userId = 'usr_1') {
    let reads = 0;
    const firestore = {
      collection: (name: string) => ({ doc: (id: string) => `${name}/${id}` }),
      getAll: async (...asked: (string | { fieldMask: string[] })[]) => {
        reads++;
        const { fieldMask } = asked.at(-1) as { fieldMask: string[] };
        return asked.slice(0, -1).map((path) => ({
          data: () => {
            const document = stored[path as string];
            return (
              document && Object.fromEntries(Object.entries(document).filter(([name]) => fieldMask.includes(name)))
            );
          },
        }));
      },
    };
    const service = storedFiles.make(testPlatform({ clients: { firestore: async () => firestore } as never }));
    const files = objects.map((object) => ({ bucket, object, digest: source.digest }));
    return { found: await service.find(files, userId), reads };
  }

  it('are found in their order, however many with three reads: tests, suites and the tests of those', async () => {
    const objects = Array.from({ length: 50 }, (_, n) => `${n}.yaml`);
    const stored = Object.assign(
      {},
      ...objects.map((object) => aStoredTest(object)),
      aStoredSuite('s.yaml', ['a', 'b']),
    );
    const { found, reads } = await find(stored, ['s.yaml', 'none.yaml', ...objects]);
    assert.equal(reads, 3);
    const tests = ['a', 'b'].map((id) => ({ id, name: `of ${id}` }));
    assert.deepEqual(found.slice(0, 2), [{ id: suiteIdOf(bucket, 's.yaml'), generation: '7', tests }, undefined]);
    assert.deepEqual(
      found.slice(2).map((one) => one?.id),
      objects.map((object) => testIdOf(bucket, object)),
    );
  });

  const changed: Record<string, object> = {
    'of other bytes': { source: sourceOf(Buffer.from('other')) },
    'by another reader': { source: { ...source, reader: '0.0.1' } },
    'before that was noted': { source: undefined },
    'for somebody else': { user_id: 'usr_2' },
  };
  for (const [what, more] of Object.entries(changed)) {
    it(`are not those that were made ${what}`, async () => {
      const stored = { ...aStoredTest('a.yaml', more), ...aStoredSuite('s.yaml', ['b'], more) };
      assert.deepEqual((await find(stored, ['a.yaml', 's.yaml'])).found, [undefined, undefined]);
    });
  }

  it('are no suites of which a test is missing', async () => {
    const { 'tests/a': _gone, ...stored } = aStoredSuite('s.yaml', ['a', 'b']);
    assert.deepEqual((await find(stored, ['s.yaml'])).found, [undefined]);
  });

  it('are no suites behind a thousand tests', async () => {
    const many = Array.from({ length: 999 }, (_, n) => `t${n}`);
    const stored = { ...aStoredSuite('a.yaml', many), ...aStoredSuite('b.yaml', ['x', 'y']) };
    const { found } = await find(stored, ['a.yaml', 'b.yaml']);
    assert.deepEqual([found[0]?.tests?.length, found[1]], [999, undefined]);
  });
});
