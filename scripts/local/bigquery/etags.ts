import { createHash } from 'node:crypto';
import { HttpError } from '../plumbing/http.ts';

/** The etag of a resource: the same for the same content. */
export function etag(resource: object): string {
  return createHash('sha256').update(JSON.stringify(resource)).digest('base64').slice(0, 24);
}

/** @throws HttpError conditionNotMet when the request wants another version than there is. */
export function checkEtag(resource: object, ifMatch: string | string[] | undefined): void {
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === etag(resource)) return;
  throw new HttpError(412, 'conditionNotMet', 'Precondition check failed.');
}
