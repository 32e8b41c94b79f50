import assert from 'node:assert/strict';
import sinon from 'sinon';
import { testPlatform } from '../platform/testing.ts';
import { deleteObjects } from './objects.ts';

describe('deleting objects', () => {
  function bench(
    names: string[],
    { failure, environment = {} }: { failure?: Error; environment?: Record<string, string> } = {},
  ) {
    const left = new Map(names.map((name, i) => [`${name}#${i}`, { name, metadata: { generation: String(i) } }]));
    const remove = sinon.stub().callsFake(async (key: string) => {
      if (!left.delete(key)) throw Object.assign(new Error('No such object'), { code: 404 });
      if (failure) throw failure;
    });
    const getFiles = sinon
      .stub()
      .callsFake(async ({ prefix, maxResults }) => [
        [...left.values()].filter(({ name }) => name.startsWith(prefix)).slice(0, maxResults),
      ]);
    const bucket = sinon.stub().returns({
      getFiles,
      file: (name: string, { generation }: { generation: string }) => ({
        delete: () => remove(`${name}#${generation}`),
      }),
    });
    const counted: [string, number][] = [];
    const platform = testPlatform({ environment, clients: { storage: async () => ({ bucket }) } });
    const run = () =>
      deleteObjects('session', 'ses_1', platform, async (name, count) => void counted.push([name, count]));
    return { run, left, remove, getFiles, bucket, counted };
  }

  it('deletes every generation, page after page, and nothing beside the prefix', async () => {
    const { run, left, getFiles, counted } = bench([
      ...Array.from({ length: 501 }, () => 'ses_1/state.json.enc'),
      'ses_10/trace.zip',
    ]);
    await run();
    assert.deepEqual(
      [...left.values()].map(({ name }) => name),
      ['ses_10/trace.zip'],
    );
    assert.ok(getFiles.args.every(([{ versions }]) => versions === true));
    assert.deepEqual(counted, [
      ['virtuoso-artifacts', 500],
      ['virtuoso-artifacts', 1],
    ]);
  });

  it('counts nothing that another one has deleted', async () => {
    const { run, remove, left, counted } = bench(['ses_1/a', 'ses_1/b']);
    remove.onFirstCall().callsFake(async (key: string) => {
      left.delete(key);
      throw Object.assign(new Error('No such object'), { code: 404 });
    });
    await run();
    assert.deepEqual(counted, [['virtuoso-artifacts', 1]]);
  });

  it('looks where the objects of this project are', async () => {
    const { run, left, bucket } = bench(['ses_1/a'], { environment: { BUCKET_PREFIX: 'acme-' } });
    await run();
    assert.equal(left.size, 0);
    assert.deepEqual([...new Set(bucket.args.flat())], ['acme-virtuoso-artifacts']);
  });

  it('fails when one cannot be deleted', async () => {
    await assert.rejects(bench(['ses_1/a'], { failure: new Error('forbidden') }).run(), /forbidden/);
  });
});
