import { AppError } from '../platform/errors.ts';

/** What a list is asked for. `after` is where the page before it ended. */
export interface Page {
  readonly size: number;
  readonly after: { readonly createdAt: Date; readonly id: string } | undefined;
}

const DEFAULT_SIZE = 50;
const LARGEST_SIZE = 200;
/** The ids that tokens are made of. */
const ID = /^[a-z]+_[0-9a-z]+$/;
/** Latest moment of a Date. */
const END_OF_TIME = 8.64e15;

/** Reads `pageSize` and `pageToken`. @throws AppError invalid-argument when the token is not one of ours */
export function pageOf(query: { pageSize?: string; pageToken?: string }): Page {
  const size = query.pageSize === undefined ? DEFAULT_SIZE : Number(query.pageSize);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE) {
    throw wrong('/pageSize', `pageSize must be from 1 to ${LARGEST_SIZE}.`);
  }
  return { size, after: query.pageToken === undefined ? undefined : decodeToken(query.pageToken) };
}

/** The answer of a list: as many items as asked for, and a token when there may be more. */
export function listReply<E extends { id: string; created_at: Date }>(
  page: Page,
  found: readonly E[],
  view: (entity: E) => unknown,
): { status: 200; body: { items: unknown[]; nextPageToken?: string } } {
  const last = found.at(-1);
  const more = last && found.length === page.size;
  return {
    status: 200,
    body: { items: found.map(view), ...(more ? { nextPageToken: encodeToken(last) } : {}) },
  };
}

function encodeToken(entity: { id: string; created_at: Date }): string {
  return Buffer.from(JSON.stringify([entity.created_at.getTime(), entity.id])).toString('base64url');
}

function decodeToken(token: string): Page['after'] {
  try {
    const [at, id] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [unknown, unknown];
    if (Number.isInteger(at) && Math.abs(at as number) <= END_OF_TIME && typeof id === 'string' && ID.test(id))
      return { createdAt: new Date(at as number), id };
  } catch {
    // Falls through to the refusal below: the token was not made by us.
  }
  throw wrong('/pageToken', 'The pageToken is not valid: use the nextPageToken of the page before.');
}

const wrong = (pointer: string, message: string): AppError =>
  new AppError('invalid-argument', message, { details: [{ pointer, message }] });
