import type { Bucket } from '../define/resources.ts';
import { defineService, reads, type ServiceDeclaration, writes } from '../define/service.ts';
import type { Configuration } from './configuration.ts';
import { AppError } from './errors.ts';
import { currentTrace } from './trace.ts';

/** What is known of a stored object. */
export interface StoredObject {
  readonly name: string;
  readonly generation: string;
  readonly size: number;
  readonly contentType: string;
  readonly metadata: Record<string, string>;
}

/** The objects of one bucket. */
export interface ObjectStore {
  /** Writes an object whole; gives its generation. */
  put(
    name: string,
    body: Uint8Array | string,
    options: { contentType: string; metadata?: Record<string, string>; cacheControl?: string },
  ): Promise<string>;
  /**
   * @param options.most bytes that are wanted: of a longer object it gives one more, and reads no further.
   * @throws AppError not-found
   */
  get(name: string, options?: { generation?: string; most?: number }): Promise<Buffer>;
  /** @throws AppError not-found */
  stat(name: string): Promise<StoredObject>;
  list(prefix: string): Promise<string[]>;
  /**
   * The generations of objects, by their names, from a list of what lies between the first and the last of them: of
   * those that are missing here there is none, or there are too many others before it.
   */
  generations(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Deletes an object; none is no error. */
  delete(name: string): Promise<void>;
}

/** Pages of a thousand objects that `generations` looks through. */
const MOST_PAGES = 5;

/** What is read, or undefined where there is no such object. */
export async function whereThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** What a declared bucket is called in this project. */
export function bucketName({ bucketPrefix }: Pick<Configuration, 'bucketPrefix'>, { name }: Bucket): string {
  return `${bucketPrefix}${name}`;
}

/** Declares the use of a bucket. */
export function objectStore(bucket: Bucket, access: 'read' | 'write'): ServiceDeclaration<ObjectStore> {
  return defineService([access === 'read' ? reads(bucket) : writes(bucket)], ({ clients, config }) => {
    const file = async (name: string, generation?: string) => {
      const storage = await clients.storage();
      return storage.bucket(bucketName(config, bucket)).file(name, generation ? { generation } : {});
    };
    return {
      async put(name, body, { contentType, metadata = {}, cacheControl }) {
        const trace = currentTrace();
        const object = await file(name);
        await object.save(body as Buffer, {
          resumable: false,
          validation: false,
          metadata: {
            contentType,
            ...(cacheControl ? { cacheControl } : {}),
            metadata: { ...metadata, ...(trace ? { traceparent: trace } : {}) },
          },
        });
        return String(object.metadata.generation);
      },
      async get(name, { generation, most } = {}) {
        try {
          const range = most === undefined ? {} : { start: 0, end: most };
          const [bytes] = await (await file(name, generation)).download({ validation: false, ...range });
          return bytes;
        } catch (error) {
          // A range of an object without a byte (RFC 9110, 15.5.17).
          if (most !== undefined && (error as { code?: number }).code === 416) return Buffer.alloc(0);
          throw notFoundOr(error, name);
        }
      },
      async stat(name) {
        try {
          const [metadata] = await (await file(name)).getMetadata();
          return {
            name,
            generation: String(metadata.generation),
            size: Number(metadata.size),
            contentType: metadata.contentType ?? 'application/octet-stream',
            metadata: (metadata.metadata ?? {}) as Record<string, string>,
          };
        } catch (error) {
          throw notFoundOr(error, name);
        }
      },
      async list(prefix) {
        const storage = await clients.storage();
        const [files] = await storage.bucket(bucketName(config, bucket)).getFiles({ prefix });
        return files.map((found) => found.name);
      },
      async generations(names) {
        const [first, last] = endsOf(names);
        if (first === undefined) return new Map();
        const storage = await clients.storage();
        const [files] = await storage.bucket(bucketName(config, bucket)).getFiles({
          startOffset: first,
          endOffset: `${last}!`,
          fields: 'items(name,generation),nextPageToken',
          maxApiCalls: MOST_PAGES,
        });
        // With `fields`, the client gives the resources as they are answered, whatever their type says.
        const resources = files as unknown as readonly Pick<StoredObject, 'name' | 'generation'>[];
        return new Map(resources.map(({ name, generation }) => [name, generation]));
      },
      async delete(name) {
        await (await file(name)).delete({ ignoreNotFound: true });
      },
    };
  });
}

/** The first and the last of some names, in the order of Cloud Storage: that of UTF-8. */
function endsOf(names: readonly string[]): readonly (string | undefined)[] {
  const sorted = names.map((name) => Buffer.from(name)).sort(Buffer.compare);
  return [sorted[0]?.toString(), sorted.at(-1)?.toString()];
}

function notFoundOr(error: unknown, name: string): unknown {
  const missing = (error as { code?: number }).code === 404;
  return missing ? new AppError('not-found', `There is no object '${name}'.`, { cause: error }) : error;
}
