import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HttpError } from '../plumbing/http.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import type { Blobs } from './blobs.ts';
import { answer, answerEmpty, bodyOf, type Call, header } from './call.ts';
import { type ContentRange, contentRangeOf } from './content-range.ts';
import { type Checksums, Digest, statedIn, verify } from './digest.ts';
import { invalid } from './errors.ts';
import type { Json } from './object-fields.ts';
import type { NewObject, Objects } from './objects.ts';
import type { UploadRow } from './tables.ts';

/** What a resumable upload will become, and what the client said of its bytes when it began. */
export interface UploadRequest {
  readonly object: NewObject;
  readonly expected: Partial<Checksums>;
  /** Most bytes it may have. */
  readonly largest?: number;
  /** How many bytes it will have, when that was said. */
  readonly size?: number;
}

/** Bytes of an unfinished upload are kept in multiples of this. */
const GRANULE = 256 * 1024;
const WEEK_MS = 7 * 24 * 3600 * 1000;

/**
 * Resumable uploads: begun once, sent in as many requests as it takes, resumed where they broke, also after a restart.
 * @see https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
export class ResumableUploads {
  readonly #context: ServiceContext;
  readonly #objects: Objects;
  readonly #blobs: Blobs;
  /** Digests of what has arrived; lost ones are computed again from the bytes. */
  readonly #digests = new Map<string, Digest>();
  readonly #active = new Map<string, { request: IncomingMessage; done: Promise<unknown> }>();

  constructor(context: ServiceContext, objects: Objects, blobs: Blobs) {
    this.#context = context;
    this.#objects = objects;
    this.#blobs = blobs;
  }

  /** Begins an upload. Returns its id. */
  begin(request: UploadRequest): string {
    this.#objects.prepare(request.object);
    const id = randomBytes(32).toString('base64url');
    const now = this.#context.clock.now();
    this.#context.store.run('INSERT INTO storage_uploads VALUES (?, ?, ?, NULL)', id, JSON.stringify(request), now);
    return id;
  }

  isOpen(id: string): boolean {
    const row = this.#context.store.get<UploadRow>('SELECT * FROM storage_uploads WHERE id = ?', id);
    return row !== undefined && row.result === null;
  }

  /** Forgets the uploads that began a week ago. */
  expire(): void {
    const before = this.#context.clock.now() - WEEK_MS;
    for (const { id } of this.#context.store.all<UploadRow>(
      'SELECT * FROM storage_uploads WHERE created < ?',
      before,
    )) {
      this.#forget(id);
    }
  }

  /** Gives an upload up. Answers 499, as Google does. */
  cancel(call: Call, id: string): void {
    this.#get(id);
    this.#forget(id);
    answerEmpty(call, 499);
  }

  /** Takes a request with bytes of an upload, or one that asks for its state: 308 until it is complete. */
  async receive(call: Call, id: string): Promise<void> {
    const range = contentRangeOf(header(call, 'content-range'));
    // A client that sends again has given up on its earlier request, even if that connection is still open.
    for (let earlier = this.#active.get(id); earlier; earlier = this.#active.get(id)) {
      earlier.request.destroy();
      await earlier.done;
    }
    const work = this.#receive(call, this.#get(id), range);
    const entry = { request: call.request, done: work.catch(() => {}) };
    this.#active.set(id, entry);
    try {
      await work;
    } finally {
      if (this.#active.get(id) === entry) this.#active.delete(id);
    }
  }

  async #receive(call: Call, row: UploadRow, range: ContentRange): Promise<void> {
    if (row.result !== null) return answer(call, JSON.parse(row.result) as Json);
    const request = JSON.parse(row.request) as UploadRequest;
    const before = this.#blobs.partialSize(row.id);
    await this.#append(call, row.id, range);
    const size = this.#blobs.partialSize(row.id);
    const excess = size > before ? excessOf(size, range, request) : undefined;
    if (excess) {
      this.#blobs.truncatePartial(row.id, before);
      this.#digests.delete(row.id);
      throw invalid(excess);
    }
    if (size > (request.largest ?? Number.POSITIVE_INFINITY)) {
      this.#forget(row.id);
      throw invalid(`The upload exceeds ${request.largest} bytes.`);
    }
    const whole = range.toEnd || size === range.total;
    if (whole && request.size !== undefined && size !== request.size) {
      this.#keepGranules(row.id);
      throw invalid(`Invalid request. X-Upload-Content-Length is ${request.size}, but the upload has ${size} byte(s).`);
    }
    if (whole) return answer(call, await this.#finish(call, row.id, request));
    const kept = this.#keepGranules(row.id);
    answerEmpty(call, 308, kept > 0 ? { range: `bytes=0-${kept - 1}` } : {});
  }

  async #append(call: Call, id: string, { start }: ContentRange): Promise<void> {
    const size = this.#blobs.partialSize(id);
    if (start === undefined) return;
    if (start > size) {
      throw invalid(`The upload offset is ${start} byte(s), which exceeds already uploaded size of ${size} byte(s).`);
    }
    const digest = size === 0 ? new Digest() : this.#digests.get(id);
    if (digest?.size === size) this.#digests.set(id, digest);
    else this.#digests.delete(id);
    try {
      await this.#blobs.append(id, skip(bodyOf(call), size - start), this.#digests.get(id));
    } catch (error) {
      this.#keepGranules(id);
      throw error;
    }
  }

  #keepGranules(id: string): number {
    const size = this.#blobs.partialSize(id);
    const kept = size - (size % GRANULE);
    if (kept < size) {
      this.#blobs.truncatePartial(id, kept);
      this.#digests.delete(id);
    }
    return kept;
  }

  async #finish(call: Call, id: string, { object, expected }: UploadRequest): Promise<Json> {
    const size = this.#blobs.partialSize(id);
    if (size === 0) await this.#blobs.append(id, empty(), undefined);
    let digest = this.#digests.get(id);
    if (digest?.size !== size) {
      digest = new Digest();
      for await (const chunk of this.#blobs.readPartial(id)) digest.update(chunk as Buffer);
    }
    const checksums = digest.checksums();
    try {
      verify({ ...expected, ...statedIn(header(call, 'x-goog-hash')) }, checksums);
      const content = { blob: this.#blobs.promote(id), size, ...checksums };
      const resource = this.#context.store.transaction(() => {
        const made = this.#objects.resource(this.#objects.put(object, content), call.origin);
        this.#context.store.run('UPDATE storage_uploads SET result = ? WHERE id = ?', JSON.stringify(made), id);
        return made;
      });
      this.#digests.delete(id);
      this.#blobs.removePartial(id);
      return resource;
    } catch (error) {
      this.#forget(id);
      throw error;
    }
  }

  #get(id: string): UploadRow {
    const row = this.#context.store.get<UploadRow>('SELECT * FROM storage_uploads WHERE id = ?', id);
    if (!row) throw new HttpError(404, 'notFound', 'No such upload: it has ended or expired; begin a new one.');
    return row;
  }

  #forget(id: string): void {
    this.#context.store.run('DELETE FROM storage_uploads WHERE id = ?', id);
    this.#digests.delete(id);
    this.#blobs.removePartial(id);
  }
}

/** What is wrong when an upload has more bytes than its requests said. */
function excessOf(size: number, { start = 0, end, total }: ContentRange, request: UploadRequest): string | undefined {
  if (end !== undefined && size > end + 1)
    return `Invalid request.  There were ${size - start} byte(s) in the request body.  There should have been ${end + 1 - start} byte(s) (starting at offset ${start} and ending at offset ${end}) according to the Content-Range header.`;
  if (total !== undefined && size > total) return `Invalid request. The upload has ${size} bytes, more than ${total}.`;
  if (request.size !== undefined && size > request.size)
    return `Invalid request. X-Upload-Content-Length is ${request.size}, but the upload has ${size} byte(s).`;
  return undefined;
}

async function* skip(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of source) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function* empty(): AsyncGenerator<Buffer> {}
