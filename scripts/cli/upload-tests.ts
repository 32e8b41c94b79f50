import { setTimeout as sleep } from 'node:timers/promises';
import { contentHash } from '../../shared/test-files/content-hash.ts';
import { type ApiClient, ApiError, type TestView } from './api-client.ts';
import type { ReadyTest } from './read-tests.ts';

/** Uploads under way at a time. */
const PARALLEL_UPLOADS = 8;
/** How long an import may take after the upload's own wait, and how often it is asked for, in milliseconds. */
const IMPORT_PATIENCE_MS = 60_000;
const IMPORT_POLL_MS = 1000;

/** Uploads tests and waits until they are imported; gives their ids, in order. @throws ApiError that names the file */
export async function uploadTests(api: ApiClient, tests: readonly ReadyTest[], signal: AbortSignal): Promise<string[]> {
  const ids: string[] = new Array(tests.length);
  const rest = tests.entries();
  const lane = async () => {
    for (const [index, test] of rest) {
      signal.throwIfAborted();
      ids[index] = await upload(api, test, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_UPLOADS, tests.length) }, lane));
  return ids;
}

async function upload(api: ApiClient, test: ReadyTest, signal: AbortSignal): Promise<string> {
  try {
    const uploaded = await api.uploadTest(test.file.name, test.bytes);
    const { id, status } = uploaded.status === 'importing' ? await imported(api, uploaded, test, signal) : uploaded;
    if (status === 'ready') return id;
    throw new ApiError(`the API holds it for invalid: see ${api.url}/v1/tests/${id}.`, { status: 422 });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === undefined || error.status === 401) throw error;
    const { status, problem } = error;
    throw new ApiError(`${test.file.name}: ${error.message}`, {
      status,
      cause: error,
      ...(problem ? { problem } : {}),
    });
  }
}

/** An older version of the file may still be what there is: its content tells. */
async function imported(api: ApiClient, { id }: TestView, test: ReadyTest, signal: AbortSignal): Promise<TestView> {
  const hash = contentHash(test.definition);
  for (const until = Date.now() + IMPORT_PATIENCE_MS; Date.now() < until; ) {
    const found = await api.readTest(id);
    if (found?.contentHash === hash) return found;
    await sleep(IMPORT_POLL_MS, undefined, { signal });
  }
  throw new ApiError(`${test.file.name} is stored, but not imported: does import-test run?`, {});
}
