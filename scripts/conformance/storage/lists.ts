import assert from 'node:assert/strict';
import type { Bucket, GetFilesOptions } from '@google-cloud/storage';
import { type Behaviour, collector } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

const NAMES = ['a.txt', 'b/', 'b/1.txt', 'b/2.md', 'b/c/3.txt', 'd/4.txt', 'e.md', 'é.txt'];

export function lists({ storage, newBucket, request, file }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  let made: Promise<Bucket> | undefined;
  const filled = () => {
    made ??= newBucket().then(async (bucket) => {
      for (const name of NAMES) await bucket.file(name).save('x', { resumable: false });
      return bucket;
    });
    return made;
  };
  const page = async (query: string) => {
    const answer = await request(`/storage/v1/b/${(await filled()).name}/o?${query}`);
    const { items = [], prefixes = [], nextPageToken } = JSON.parse(await answers(answer, 200));
    return { items: items.map(({ name }: { name: string }) => name) as string[], prefixes, nextPageToken };
  };
  const names = async (options: GetFilesOptions) => {
    const [files] = await (await filled()).getFiles(options);
    return files.map(({ name }) => name);
  };

  method('objects.list', {
    'gives every object in the order of the bytes of the names': async () => {
      assert.deepEqual(await names({}), NAMES);
    },
    'gives those with a prefix': async () => {
      assert.deepEqual(await names({ prefix: 'b/' }), ['b/', 'b/1.txt', 'b/2.md', 'b/c/3.txt']);
      assert.deepEqual(await names({ prefix: 'zz' }), []);
    },
    'gathers what is below a delimiter': async () => {
      const { items, prefixes } = await page('delimiter=/');
      assert.deepEqual(items, ['a.txt', 'e.md', 'é.txt']);
      assert.deepEqual(prefixes, ['b/', 'd/']);
    },
    'gathers the same with folders as prefixes, where there are none': async () => {
      assert.deepEqual(await page('delimiter=/&includeFoldersAsPrefixes=true'), await page('delimiter=/'));
    },
    'gathers below a prefix': async () => {
      const { items, prefixes } = await page('delimiter=/&prefix=b/');
      assert.deepEqual(items, ['b/', 'b/1.txt', 'b/2.md']);
      assert.deepEqual(prefixes, ['b/c/']);
    },
    'shows objects that end with the delimiter when it is told to': async () => {
      const { items, prefixes } = await page('delimiter=/&includeTrailingDelimiter=true');
      assert.deepEqual(items, ['a.txt', 'b/', 'e.md', 'é.txt']);
      assert.deepEqual(prefixes, ['b/', 'd/']);
    },
    'takes any delimiter': async () => {
      assert.deepEqual((await page('delimiter=.txt&prefix=b/')).prefixes, ['b/1.txt', 'b/c/3.txt']);
    },
    'begins at startOffset, ends before endOffset': async () => {
      assert.deepEqual(await names({ startOffset: 'b/2.md', endOffset: 'e.md' }), ['b/2.md', 'b/c/3.txt', 'd/4.txt']);
    },
    'goes through pages of the asked size': async () => {
      const found: string[] = [];
      let token = '';
      do {
        const { items, nextPageToken = '' } = await page(`maxResults=3&pageToken=${encodeURIComponent(token)}`);
        assert.ok(items.length <= 3);
        found.push(...items);
        token = nextPageToken;
      } while (token);
      assert.deepEqual(found, NAMES);
    },
    'counts prefixes as results of a page': async () => {
      const first = await page('delimiter=/&maxResults=2');
      assert.deepEqual([first.items, first.prefixes], [['a.txt'], ['b/']]);
      const second = await page(`delimiter=/&maxResults=2&pageToken=${encodeURIComponent(first.nextPageToken)}`);
      assert.deepEqual([second.items, second.prefixes], [['e.md'], ['d/']]);
    },
    'gives the pages that the client asks for by itself': async () => {
      assert.deepEqual(await names({ maxResults: 2, autoPaginate: true }), NAMES.slice(0, 2));
      const found: string[] = [];
      for await (const item of (await filled()).getFilesStream({ prefix: 'b/' })) found.push(item.name);
      assert.equal(found.length, 4);
    },
    'gives only the fields that are asked for': async () => {
      const answer = await request(`/storage/v1/b/${(await filled()).name}/o?prefix=a&fields=items(name,size)`);
      assert.deepEqual(await answer.json(), { items: [{ name: 'a.txt', size: '1' }] });
    },
    'gives nothing of softly deleted objects, since there are none': async () => {
      assert.deepEqual((await page('softDeleted=true')).items, []);
    },
    'refuses a page token that is none': async () => {
      await answers(await request(`/storage/v1/b/${(await filled()).name}/o?pageToken=%21`), 400);
    },
    'answers 404 for a bucket that does not exist': () => fails(storage.bucket(file('none').name).getFiles(), 404),
  });

  method('objects.list (matchGlob)', {
    'matches within a folder by *': async () => {
      assert.deepEqual(await names({ matchGlob: '*.txt' }), ['a.txt', 'é.txt']);
      assert.deepEqual(await names({ matchGlob: 'b/*.txt' }), ['b/1.txt']);
    },
    'matches across folders by **': async () => {
      assert.deepEqual(await names({ matchGlob: '**.md' }), ['b/2.md', 'e.md']);
      assert.deepEqual(await names({ matchGlob: 'b/**.txt' }), ['b/1.txt', 'b/c/3.txt']);
    },
    'matches no folder at all by **/, too': async () => {
      assert.deepEqual(await names({ matchGlob: 'b/**/*.txt' }), ['b/1.txt', 'b/c/3.txt']);
      assert.deepEqual(await names({ matchGlob: '**/*.md' }), ['b/2.md', 'e.md']);
    },
    'matches one character by ? and sets by brackets': async () => {
      assert.deepEqual(await names({ matchGlob: 'b/?.*' }), ['b/1.txt', 'b/2.md']);
      assert.deepEqual(await names({ matchGlob: '[ae].*' }), ['a.txt', 'e.md']);
      assert.deepEqual(await names({ matchGlob: '[!a].md' }), ['e.md']);
    },
    'matches one of several by braces': async () => {
      assert.deepEqual(await names({ matchGlob: '{a,e}.{txt,md}' }), ['a.txt', 'e.md']);
    },
  });
  return all;
}
