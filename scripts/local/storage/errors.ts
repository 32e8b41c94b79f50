import { HttpError } from '../plumbing/http.ts';

/** 404 of a bucket. */
export function noBucket(): HttpError {
  return new HttpError(404, 'notFound', 'The specified bucket does not exist.');
}

/** 404 of an object or of one of its generations. */
export function noObject(bucket: string, name: string, generation?: number): HttpError {
  const version = generation === undefined ? '' : `#${generation}`;
  return new HttpError(404, 'notFound', `No such object: ${bucket}/${name}${version}`);
}

/** 412 of a precondition that does not hold. */
export function conditionNotMet(): HttpError {
  return new HttpError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.');
}

/** 400 of a request that says something wrong. */
export function invalid(message: string): HttpError {
  return new HttpError(400, 'invalid', message);
}

/** 501 of what the service does not do: `what` is the method and path, the parameter or the field. */
export function unsupported(what: string): HttpError {
  return new HttpError(501, 'notImplemented', `${what} is not supported locally`);
}

/** 304: the caller has the current state already. */
export class NotModified extends Error {}
