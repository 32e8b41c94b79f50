import { lookupRequest } from '../../schemas/stored-files.ts';
import type { StoredFiles } from '../../shared/domain/stored-files.ts';
import { route } from '../../shared/http/route.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import { testsBucket } from '../../shared/resources/buckets.ts';
import { checkedNames } from './file-name.ts';

interface Services {
  readonly storedFiles: StoredFiles;
  readonly files: ObjectStore;
}

/** What a client asks before it uploads files: most of them have not changed since the last time. */
export const lookUpFiles = route<Services, typeof lookupRequest>({
  method: 'POST',
  path: '/v1/tests/lookup',
  summary: 'Says which files are stored as they are, and the tests that they are: these need no upload.',
  access: { scope: 'tests:read' },
  answers: { 200: 'stored-files' },
  limit: 'read',
  body: lookupRequest,
  async handle({ body, caller }, { storedFiles, files }) {
    const names = checkedNames(body.files.map(({ name }, at) => ({ given: name, pointer: `/files/${at}/name` })));
    const asked = body.files.map(({ digest }, at) => {
      return { bucket: testsBucket.name, object: `tests/${caller.userId}/${names[at]}`, digest };
    });
    const [found, generations] = await Promise.all([
      storedFiles.find(asked, caller.userId),
      files.generations([...new Set(asked.map(({ object }) => object))]),
    ]);
    const items = body.files.map(({ name }, at) => {
      const { generation, ...stored } = found[at] ?? {};
      // An object that was deleted or replaced is not what the test was made of, even if that is still to be noticed.
      const there = generation !== undefined && generations.get(asked[at]?.object ?? '') === generation;
      return there ? { name, status: 'ready', ...stored } : { name, status: 'unknown' };
    });
    return { status: 200, body: { items } };
  },
});
