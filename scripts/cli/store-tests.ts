import { createHash } from 'node:crypto';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import { ApiError } from './api-answer.ts';
import type { ApiClient, Uploaded } from './api-client.ts';
import type { ReadyTest } from './read-tests.ts';

/** Tests that the API has, all of them. */
export interface StoredTests {
  /** Their ids, in the order of the tests. */
  readonly ids: readonly string[];
  /** Some were there already: they were not sent. */
  readonly found: boolean;
}

type FoundFile = Uploaded & { readonly name: string };

/** Uploads under way at a time. */
const PARALLEL_UPLOADS = 8;
/** Files that are looked up with one request. */
const MOST_LOOKED_UP = 500;

/**
 * Sends each file once, and none that the API has as it is.
 * @param options.all sends them all, whatever it has.
 * @throws ApiError
 */
export async function storeTests(
  api: ApiClient,
  tests: readonly ReadyTest[],
  { signal, all = false }: { signal: AbortSignal; all?: boolean },
): Promise<StoredTests> {
  const files = [...new Map(tests.map((test) => [test.file.name, test])).values()];
  const found = all ? new Map<string, Uploaded>() : await lookUp(api, files, signal);
  const stored = await inParallel(PARALLEL_UPLOADS, files, async ({ file, bytes }) => {
    signal.throwIfAborted();
    return found.get(file.name) ?? (await api.uploadTest(file.name, bytes));
  });
  const byFile = new Map(files.map(({ file }, at) => [file.name, stored[at]]));
  const ids = tests.map(({ file, definition, inSuite }) => {
    const upload = byFile.get(file.name);
    const one = inSuite ? upload?.tests?.find(({ name }) => name === definition.name) : upload;
    if (one) return one.id;
    throw new ApiError(`${api.url} did not take '${definition.name}' of ${file.name}: is it of an older version?`);
  });
  return { ids, found: found.size > 0 };
}

/** Those of the files that the API has as they are, by their names; where it does not tell, they are to be sent. */
async function lookUp(
  api: ApiClient,
  files: readonly ReadyTest[],
  signal: AbortSignal,
): Promise<Map<string, Uploaded>> {
  const found = new Map<string, Uploaded>();
  for (let from = 0; from < files.length; from += MOST_LOOKED_UP) {
    signal.throwIfAborted();
    const asked = files.slice(from, from + MOST_LOOKED_UP).map(({ file, bytes }) => ({
      name: file.name,
      digest: createHash('sha256').update(bytes).digest('hex'),
    }));
    try {
      const { items } = await api.ask<{ items: FoundFile[] }>(
        'POST',
        '/v1/tests/lookup',
        { items: 'array' },
        { files: asked },
      );
      for (const { name, ...stored } of items) if (stored.status === 'ready') found.set(name, stored);
    } catch (error) {
      // It only spares uploads. An older version does not know it, and a key may be for uploads and runs alone.
      if (error instanceof ApiError && error.status !== undefined) return found;
      throw error;
    }
  }
  return found;
}
