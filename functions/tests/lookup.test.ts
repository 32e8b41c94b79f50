import assert from 'node:assert/strict';
import sinon from 'sinon';
import { lookupRequest } from '../../schemas/stored-files.ts';
import type { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest } from '../testing.ts';
import { lookUpFiles } from './lookup.ts';

describe('looking up files', () => {
  const digest = 'a'.repeat(64);
  const path = (name: string) => `tests/usr_1/${name}`;
  const aSuite = { id: 'sui_1', generation: '8', tests: [{ id: 'tst_2', name: 'B' }] };
  function bench() {
    const storedFiles = { find: sinon.stub().resolves([{ id: 'tst_1', generation: '7' }, undefined, aSuite]) };
    const generations = new Map([
      [path('a.yaml'), '7'],
      [path('b.yaml'), '1'],
      [path('shop/c.yaml'), '8'],
    ]);
    const files = { generations: sinon.stub().resolves(generations) };
    const services = withBase({ storedFiles, files }) as never;
    const ask = async (names: readonly string[] = ['a.yaml', 'b.yaml', './shop\\c.yaml']) => {
      const body = { files: names.map((name) => ({ name, digest })) };
      return (await lookUpFiles.handle(aRequest({ body }), services)).body as { items: Record<string, unknown>[] };
    };
    return { storedFiles, files, generations, ask };
  }

  it('tells of each in its order what an upload of it would be, or that it must be uploaded', async () => {
    const { storedFiles, files, ask } = bench();
    assert.deepEqual((await ask()).items, [
      { name: 'a.yaml', status: 'ready', id: 'tst_1' },
      { name: 'b.yaml', status: 'unknown' },
      { name: './shop\\c.yaml', status: 'ready', id: 'sui_1', tests: aSuite.tests },
    ]);
    const objects = ['a.yaml', 'b.yaml', 'shop/c.yaml'].map(path);
    const asked = objects.map((object) => ({ bucket: 'virtuoso-tests', object, digest }));
    assert.deepEqual(storedFiles.find.args, [[asked, 'usr_1']]);
    assert.deepEqual(files.generations.args, [[objects]]);
  });

  it('knows none whose object was replaced or deleted since', async () => {
    const { generations, ask } = bench();
    generations.set(path('a.yaml'), '9');
    generations.delete(path('shop/c.yaml'));
    assert.deepEqual(
      (await ask()).items.map(({ status, id, tests }) => [status, id, tests]),
      Array.from({ length: 3 }, () => ['unknown', undefined, undefined]),
    );
  });

  it('refuses names that lead elsewhere, each with its place, and reads nothing', async () => {
    const { storedFiles, files, ask } = bench();
    await assert.rejects(ask(['a.yaml', '../usr_2/a.yaml', 'b/']), (error: AppError) => {
      assert.deepEqual(
        error.details.map(({ pointer }) => pointer),
        ['/files/1/name', '/files/2/name'],
      );
      return appError('invalid-argument')(error);
    });
    assert.equal(storedFiles.find.callCount + files.generations.callCount, 0);
  });

  it('takes what the contract says: one file to five hundred, with the digests of their bytes', () => {
    const file = { name: 'a.yaml', digest };
    for (const good of [[file], Array(500).fill(file)]) assert.deepEqual(lookupRequest.problems({ files: good }), []);
    for (const wrong of [
      [],
      Array(501).fill(file),
      [{ name: 'a.yaml' }],
      [{ ...file, digest: 'A'.repeat(64) }],
      [{ ...file, name: '' }],
      [{ ...file, size: 1 }],
    ])
      assert.notDeepEqual(lookupRequest.problems({ files: wrong }), []);
  });
});
