import assert from 'node:assert/strict';
import { type Bucket, type File, Storage } from '@google-cloud/storage';
import type { World } from '../behaviour.ts';
import { useMetadata } from '../metadata-host.ts';

/** What a bucket is made with. */
export type BucketSettings = Parameters<Storage['createBucket']>[1];

/** The official client, and what the wire itself is asked for. */
export interface Clients {
  readonly storage: Storage;
  /** A bucket that the behaviours share: each uses names of its own in it. */
  readonly bucket: Bucket;
  /** `http://127.0.0.1:PORT`, or where Google's API is. */
  readonly origin: string;
  /** An object of the shared bucket that does not exist yet. */
  file(prefix?: string): File;
  /** An object of the shared bucket. */
  saved(text?: string): Promise<File>;
  newBucket(settings?: BucketSettings): Promise<Bucket>;
  /** A request as the client would send it: `path` goes on from the origin. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Where the account signs; undefined is Google's own place. */
  readonly signingEndpoint: string | undefined;
}

/** Connects the client to the world's endpoint, or to Google Cloud, and makes the shared bucket. */
export async function connect(world: World): Promise<Clients> {
  const { endpoint, project } = world;
  if (endpoint !== undefined) useMetadata(world, endpoint);
  const origin = endpoint === undefined ? 'https://storage.googleapis.com' : `http://${endpoint}`;
  const storage = new Storage({
    projectId: project,
    retryOptions: { autoRetry: false },
    ...(endpoint !== undefined && { apiEndpoint: origin }),
  });
  const newBucket = async (settings: BucketSettings = {}) => {
    const [bucket] = await storage.createBucket(world.name('b'), { location: 'US', ...settings });
    world.onEnd(() => empty(bucket));
    return bucket;
  };
  const bucket = await newBucket();
  const file = (prefix = 'o') => bucket.file(world.name(prefix));
  const authorization = async () => {
    const token = endpoint === undefined ? await storage.authClient.getAccessToken() : 'local';
    return `Bearer ${token}`;
  };
  return {
    ...{ storage, bucket, origin, file, newBucket },
    async saved(text = 'hello') {
      const made = file();
      await made.save(text, { resumable: false });
      return made;
    },
    async request(path, init = {}) {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', await authorization());
      const body = init.body instanceof ReadableStream ? { duplex: 'half' } : {};
      return fetch(path.startsWith('http') ? path : `${origin}${path}`, { ...init, headers, ...body });
    },
    signingEndpoint: endpoint === undefined ? undefined : `${origin}/v1/projects/-/serviceAccounts/`,
  };
}

async function empty(bucket: Bucket): Promise<void> {
  const [exists] = await bucket.exists();
  if (!exists) return;
  const [files] = await bucket.getFiles({ versions: true });
  for (const file of files) await bucket.file(file.name, { generation: Number(file.metadata.generation) }).delete();
  await bucket.delete();
}

/** Fails unless the promise is refused with the code, and with these words. */
export async function fails(work: Promise<unknown>, code: number, words = /(?:)/): Promise<void> {
  await assert.rejects(work, (error: { code?: number | string; message?: string; response?: { data?: unknown } }) => {
    assert.equal(Number(error.code), code, `${error.message}`);
    assert.match(`${error.message} ${JSON.stringify(error.response?.data ?? '')}`, words);
    return true;
  });
}

/** Fails unless the answer has the status, and these words in its body. */
export async function answers(answer: Response, status: number, words = /(?:)/): Promise<string> {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  assert.match(text, words);
  return text;
}
