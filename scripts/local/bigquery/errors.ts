import { HttpError } from '../plumbing/http.ts';

/** 404, as BigQuery words it: `Not found: Table project:dataset.table`. */
export function notFound(what: string): HttpError {
  return new HttpError(404, 'notFound', `Not found: ${what}`);
}

/** 409: the thing is there already. */
export function duplicate(what: string): HttpError {
  return new HttpError(409, 'duplicate', `Already Exists: ${what}`);
}

/** 400: the request is malformed or breaks a rule. */
export function invalid(message: string): HttpError {
  return new HttpError(400, 'invalid', message);
}

/** 400: the SQL is wrong, or failed while it ran. */
export function invalidQuery(message: string): HttpError {
  return new HttpError(400, 'invalidQuery', message);
}

/** 501: BigQuery has it, the local one does not. */
export function unimplemented(form: string): HttpError {
  return new HttpError(501, 'notImplemented', `UNIMPLEMENTED: ${form} is not supported by the local BigQuery`);
}

/** What the rewritten SQL raises itself to refuse a form that only its operands' types reveal. */
const REFUSAL = /UNIMPLEMENTED: (.*)/;

/** Turns an error of DuckDB into the one BigQuery would answer; other errors are returned as they are. */
export function toQueryError(error: unknown): unknown {
  if (error instanceof HttpError || !(error instanceof Error)) return error;
  const [kind, ...rest] = error.message.split('Error: ');
  if (rest.length === 0 || !kind) return error;
  const message = rest.join('Error: ');
  const refused = REFUSAL.exec(message);
  if (refused) return unimplemented(refused[1] ?? '');
  const column =
    /(?:Referenced c|C)olumn "([^"]+)" (?:(?:was )?not found|referenced that exists)|does not have a column named "([^"]+)"/.exec(
      message,
    );
  if (column) return invalidQuery(`Unrecognized name: ${column[1] ?? column[2]}`);
  const required = /^NOT NULL constraint failed: [^.]+\.(.+)$/.exec(message);
  if (required) return invalidQuery(`Required field ${required[1]} cannot be null`);
  return invalidQuery(message.split('\n\nLINE ')[0]?.trim() ?? message);
}
