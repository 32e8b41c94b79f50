import { pick, type Random } from '../../../shared/test-files/testing/random.ts';
import type { Operation } from './operations.ts';
import { fitting } from './values.ts';

/** A request as it is sent, however wrong. */
export interface RawRequest {
  readonly method: string;
  /** With the query, as it is put on the wire. */
  readonly path: string;
  /** A list sends the header several times. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer;
}

/** What requests may refer to: ids by the resource that a path names, such as `runs`. */
export interface Known {
  readonly apiKey: string;
  readonly ids: ReadonlyMap<string, readonly string[]>;
}

/** Test files of every kind, and what is none. */
const files = [
  'name: A\nsteps:\n  - navigate.to: data:text/html,a\n',
  'name: A\ncheckpoints:\n  - name: One\n    steps:\n      - command: navigate.to\n        url: data:text/html,a\n',
  '{"name":"A","steps":[{"navigate.to":"data:text/html,a"}]}',
  '# A\n\nOpen data:text/html,a\n',
  'a: &a [x]\nb: *a\n',
  '---\n---\n',
  '\ufeffname: A',
  '[]',
  '',
];

/** A request as the description asks for it. */
export function validRequest(operation: Operation, { apiKey, ids }: Known, next: Random): RawRequest {
  const all = [...ids.values()].flat();
  const values = (place: 'path' | 'query' | 'header', share: number): [string, string][] =>
    operation.parameters
      .filter((parameter) => parameter.in === place && (parameter.required || next(share) === 0))
      .map(({ name, schema }) => [name, String(fitting(schema, next, all))]);
  const resource = operation.path.split('/')[2] ?? '';
  const own = ids.get(resource) ?? [];
  const path = values('path', 1).reduce(
    (whole, [name, value]) =>
      whole.replace(`{${name}}`, encode(name === 'id' && own.length > 0 && next(4) > 0 ? pick(own, next) : value)),
    operation.path,
  );
  const query = values('query', 2).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const headers = values('header', 6).map(([name, value]) => [name, headerValue(name, value, next)]);
  const body = bodyOf(operation, all, next);
  return {
    method: operation.method,
    path: `${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    headers: { 'x-api-key': apiKey, ...Object.fromEntries(headers), ...(body ? { 'content-type': body.type } : {}) },
    ...(body ? { body: body.bytes } : {}),
  };
}

function headerValue(name: string, value: string, next: Random): string {
  if (name === 'Prefer') return pick(['wait=0', 'return=minimal', 'wait=x', 'wait="0"'], next);
  if (name === 'Idempotency-Key') return `key-${next(50)}`;
  return visible(value) || 'x';
}

function bodyOf({ bodies }: Operation, ids: readonly string[], next: Random) {
  const types = Object.keys(bodies);
  if (types.length === 0) return undefined;
  const type = pick(types, next);
  const isFile = types.includes('application/octet-stream');
  const text = isFile ? pick(files, next) : JSON.stringify(fitting(bodies[type] ?? {}, next, ids));
  return { type, bytes: Buffer.from(text) };
}

/** Percent-encoded; half a character of two, which has no encoding, is what a browser makes of it. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
/** What a header can carry. */
const visible = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').trim();
