import assert from 'node:assert/strict';
import type { Bucket } from '@google-cloud/storage';
import { globPattern } from './glob.ts';
import { startStorage, type TestStorage, withCode } from './testing.ts';

const NAMES = ['a.txt', 'dir/a.txt', 'dir/b.html', 'dir/sub/c.txt', 'dir/sub/d.txt', 'dir0', 'é.txt', 'z'];

describe('listing objects of the local Cloud Storage', () => {
  let test: TestStorage;
  let bucket: Bucket;

  before(async () => {
    test = await startStorage();
    [bucket] = await test.storage.createBucket('listing');
    for (const name of NAMES) await bucket.file(name).save('x', { resumable: false });
  });

  after(() => test.close());

  const names = async (query: object) => (await bucket.getFiles(query))[0].map((file) => file.name);
  const prefixes = async (query: object) => {
    const [files, , answer] = await bucket.getFiles({ autoPaginate: false, ...query });
    return [files.map((file) => file.name), (answer as { prefixes?: string[] }).prefixes];
  };

  it('goes by the bytes of the names', async () => {
    assert.deepEqual(await names({}), [
      'a.txt',
      'dir/a.txt',
      'dir/b.html',
      'dir/sub/c.txt',
      'dir/sub/d.txt',
      'dir0',
      'z',
      'é.txt',
    ]);
  });

  it('takes a prefix, and offsets', async () => {
    assert.deepEqual(await names({ prefix: 'dir/s' }), ['dir/sub/c.txt', 'dir/sub/d.txt']);
    assert.deepEqual(await names({ startOffset: 'dir/b.html', endOffset: 'dir0' }), [
      'dir/b.html',
      'dir/sub/c.txt',
      'dir/sub/d.txt',
    ]);
    assert.deepEqual(await names({ prefix: 'none' }), []);
  });

  it('rolls up what is behind a delimiter', async () => {
    assert.deepEqual(await prefixes({ delimiter: '/' }), [['a.txt', 'dir0', 'z', 'é.txt'], ['dir/']]);
    assert.deepEqual(await prefixes({ delimiter: '/', prefix: 'dir/' }), [['dir/a.txt', 'dir/b.html'], ['dir/sub/']]);
  });

  it('comes in pages, with prefixes counted', async () => {
    const pages: string[][] = [];
    let pageToken: string | undefined;
    do {
      const query = new URLSearchParams({ delimiter: '/', maxResults: '2', ...(pageToken && { pageToken }) });
      const answer = await fetch(`${test.cloud.origin}/storage/v1/b/listing/o?${query}`);
      const page = (await answer.json()) as { items?: { name: string }[]; prefixes?: string[]; nextPageToken?: string };
      pages.push([...(page.prefixes ?? []), ...(page.items ?? []).map((item) => item.name)]);
      pageToken = page.nextPageToken;
    } while (pageToken);
    assert.deepEqual(pages, [['dir/', 'a.txt'], ['dir0', 'z'], ['é.txt']]);
    assert.deepEqual(await names({ maxResults: 3 }), ['a.txt', 'dir/a.txt', 'dir/b.html']);
    const bad = await fetch(`${test.cloud.origin}/b/listing/o?pageToken=%21`);
    assert.equal(bad.status, 400);
  });

  it('takes a glob', async () => {
    assert.deepEqual(await names({ matchGlob: '*.txt' }), ['a.txt', 'é.txt']);
    assert.deepEqual(await names({ matchGlob: 'dir/**.txt' }), ['dir/a.txt', 'dir/sub/c.txt', 'dir/sub/d.txt']);
    assert.deepEqual(await names({ matchGlob: 'dir/{a,b}.*' }), ['dir/a.txt', 'dir/b.html']);
  });

  it('refuses what it does not do, and unknown buckets', async () => {
    await assert.rejects(names({ filter: 'contexts."a"="b"' }), withCode(501));
    assert.deepEqual(await names({ softDeleted: true }), []);
    await assert.rejects(test.storage.bucket('unknown').getFiles(), withCode(404));
  });
});

describe('a glob', () => {
  const cases: [string, string, boolean][] = [
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[!a-c]x', '/x', false],
    ['a.c', 'abc', false],
    ['{a,b{1,2}}', 'b2', true],
    ['**', 'a/b/c', true],
    ['\\*', '*', true],
    ['😀?', '😀😀', true],
  ];
  for (const [glob, name, expected] of cases) {
    it(`${glob} ${expected ? 'matches' : 'does not match'} ${name}`, () =>
      assert.equal(globPattern(glob).test(name), expected));
  }
});
