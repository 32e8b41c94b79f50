import { invalid } from './errors.ts';

/** What a request of a resumable upload carries. */
export interface ContentRange {
  /** Offset of its first byte; undefined when it only asks how far the upload has got. */
  readonly start: number | undefined;
  /** Offset of its last byte; undefined when it is not stated. */
  readonly end: number | undefined;
  /** Size of the whole object; undefined while the client does not know it. */
  readonly total: number | undefined;
  /** Whether the bytes go on to the end of the object. */
  readonly toEnd: boolean;
}

// Reads `bytes 0-9/20`, with asterisks for what is not known; no header stands for the whole object.
/** The range that a `Content-Range` header states (RFC 9110 §14.4). @throws HttpError 400. */
export function contentRangeOf(header: string | undefined): ContentRange {
  if (header === undefined) return { start: 0, end: undefined, total: undefined, toEnd: true };
  const match = /^bytes\s+(?:\*|(\d+)-(-?\d+|\*))\/(\d+|\*)$/.exec(header.trim());
  if (!match) throw invalid(`Failed to parse Content-Range header: ${header}`);
  const [, start, end, total] = match;
  return {
    start: start === undefined ? undefined : Number(start),
    end: end === undefined || end === '*' ? undefined : Number(end),
    total: total === '*' ? undefined : Number(total),
    toEnd: end === '*' && total === '*',
  };
}
