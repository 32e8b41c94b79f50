import { invalid } from './errors.ts';

/** A `multipart/related` upload: the resource first, then the bytes, which are read as they come. */
export interface RelatedParts {
  readonly metadata: string;
  /** Content type of the bytes, if stated. */
  readonly contentType: string | undefined;
  readonly media: AsyncIterable<Buffer>;
}

const LARGEST_HEAD = 1024 * 1024;
const BLANK_LINE = Buffer.from('\r\n\r\n');

/**
 * Splits the body of a multipart upload (RFC 2387) of two parts.
 * @throws HttpError 400; while the media is read, too, when it does not end with the boundary.
 */
export async function readRelated(body: AsyncIterable<Buffer>, type: string | undefined): Promise<RelatedParts> {
  const match = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type ?? '');
  const boundary = match?.[1] ?? match?.[2];
  if (!boundary) throw invalid('A multipart upload needs a boundary in its content type.');
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const reader = new Reader(body);
  try {
    // The first boundary has no line break before it.
    reader.unread(Buffer.from('\r\n'));
    await reader.until(delimiter);
    await reader.until(BLANK_LINE);
    const metadata = (await reader.until(delimiter)).toString();
    const head = (await reader.until(BLANK_LINE)).toString();
    const contentType = /^content-type:[ \t]*(.+?)[ \t]*$/im.exec(head)?.[1];
    return { metadata, contentType, media: reader.stream(delimiter) };
  } catch (error) {
    await reader.end();
    throw error;
  }
}

class Reader {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Lets go of the source: what is left of it can then be passed over. */
  async end(): Promise<void> {
    await this.#source.return?.();
  }

  unread(bytes: Buffer): void {
    this.#held = Buffer.concat([bytes, this.#held]);
  }

  /** Everything up to the mark, which is passed over. */
  async until(mark: Buffer): Promise<Buffer> {
    for (;;) {
      const end = this.#held.indexOf(mark);
      if (end >= 0) {
        const found = this.#held.subarray(0, end);
        this.#held = this.#held.subarray(end + mark.length);
        return found;
      }
      if (this.#held.length > LARGEST_HEAD) throw invalid('Metadata part is too large: it exceeds 1 MiB.');
      await this.#more();
    }
  }

  /** The same as a stream; what cannot be the start of the mark is let go at once. What follows the mark is passed over. */
  async *stream(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#held.indexOf(mark);
      if (end >= 0) {
        if (end > 0) yield this.#held.subarray(0, end);
        while (!(await this.#source.next()).done);
        return;
      }
      const safe = this.#held.length - (mark.length - 1);
      if (safe > 0) {
        yield this.#held.subarray(0, safe);
        this.#held = this.#held.subarray(safe);
      }
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) throw invalid('The multipart upload ends before its last boundary.');
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
  }
}
