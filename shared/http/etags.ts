import { hash } from 'node:crypto';
import { AppError } from '../platform/errors.ts';

/** Between the tag of a resource and that of what is shown with it. */
const BESIDE = '.';

/** The entity tag of a representation (RFC 9110, 8.8.3): strong, of the very bytes that are sent. */
export function etagOf(content: string | Uint8Array): string {
  return `"${hash('sha256', content, 'base64url').slice(0, 27)}"`;
}

/**
 * The entity tag of a representation that shows more than a resource: it begins with the tag of the resource, so that a
 * change of that can be guarded with it (If-Match), and is another whenever anything that is shown is.
 */
export function etagBeside(resource: unknown, content: string | Uint8Array): string {
  return `${etagOf(JSON.stringify(resource)).slice(0, -1)}${BESIDE}${etagOf(content).slice(1)}`;
}

/** Whether one of the tags in If-None-Match is this one: then the client has what it asks for. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  return (
    ifNoneMatch !== undefined && tagsIn(ifNoneMatch).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
  );
}

/**
 * Refuses a change whose If-Match is not of the resource as it is now. To be called where the resource is read to be
 * changed, so that nothing comes between.
 * @param current what a GET of the resource answers; what one answers that shows more of it is good, too.
 * @throws AppError precondition-failed
 */
export function checkIfMatch(ifMatch: string | undefined, current: unknown): void {
  if (ifMatch === undefined) return;
  const etag = etagOf(JSON.stringify(current));
  const beginning = `${etag.slice(0, -1)}${BESIDE}`;
  if (tagsIn(ifMatch).some((tag) => tag === '*' || tag === etag || tag.startsWith(beginning))) return;
  throw new AppError('precondition-failed', 'The resource has changed since it was read: read it again.', {
    details: [{ message: `If-Match is ${ifMatch}, the resource's ETag is ${etag}` }],
  });
}

function tagsIn(header: string): string[] {
  return header.split(',').map((tag) => tag.trim());
}
