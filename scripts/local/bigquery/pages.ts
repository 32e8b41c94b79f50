import { invalid } from './errors.ts';

/** A page of a list, and the token of the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Cuts a list into pages. Tokens are positions. @throws HttpError invalid for a bad size or token */
export function page<T>(list: readonly T[], query: URLSearchParams): Page<T> {
  const { start, size } = pageBounds(query, list.length);
  const items = list.slice(start, start + size);
  return start + size < list.length ? { items, next: token(start + size) } : { items };
}

/** Where the page a request asks for begins and how long it may be. */
export function pageBounds(query: URLSearchParams, total: number): { start: number; size: number } {
  const given = query.get('pageToken');
  const start = given ? position(given) : whole(query, 'startIndex', 0);
  return { start, size: whole(query, 'maxResults', Math.max(total, 1)) || Math.max(total, 1) };
}

export function token(start: number): string {
  return Buffer.from(`from:${start}`).toString('base64url');
}

function position(given: string): number {
  const [, start] = /^from:(\d+)$/.exec(Buffer.from(given, 'base64url').toString()) ?? [];
  if (start === undefined) throw invalid(`Invalid value for pageToken: ${given}`);
  return Number(start);
}

function whole(query: URLSearchParams, key: string, otherwise: number): number {
  const given = query.get(key);
  if (given === null || given === '') return otherwise;
  if (!/^\d+$/.test(given)) throw invalid(`Invalid value for ${key}: ${given}`);
  return Number(given);
}
