import { pick, type Random } from '../../../shared/test-files/testing/random.ts';
import type { RawRequest } from './request.ts';
import { anyValue, oddTexts } from './values.ts';

type Mutation = (request: RawRequest, next: Random) => RawRequest;

const withBody = (request: RawRequest, change: (value: unknown) => unknown): RawRequest => {
  const value = parsed(request.body);
  if (value === undefined) return { ...request, body: Buffer.from('{}') };
  return { ...request, body: Buffer.from(JSON.stringify(change(value)) ?? '') };
};

function parsed(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

/** Changes one place of a value, some way down. */
function somewhere(value: unknown, next: Random, change: (value: unknown) => unknown): unknown {
  const entries = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  if (entries.length === 0 || next(3) === 0) return change(value);
  const [name, inner] = pick(entries, next);
  const changed = somewhere(inner, next, change);
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === name ? changed : item));
  return { ...(value as object), [name]: changed };
}

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce((inner) => ({ a: inner }), 1 as unknown);

function withField(value: unknown, name: string, field: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return field;
  // As JSON would bring it: `__proto__` too is a field.
  return Object.defineProperty({ ...value }, name, { value: field, enumerable: true });
}

function without(value: unknown, next: Random): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  const entries = Object.entries(value);
  const gone = next(Math.max(1, entries.length));
  const kept = entries.filter((_, i) => i !== gone);
  return Array.isArray(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
}

const cut = (bytes: Buffer, next: Random): Buffer => bytes.subarray(0, next(bytes.length + 1));
const spoilt = (bytes: Buffer, next: Random): Buffer => {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[next(copy.length)] = next(256);
  return copy;
};

const tokens = [
  'Bearer',
  'Bearer ',
  'Bearer x',
  'Bearer a.b.c',
  'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfYm9vdHN0cmFwIn0.',
  'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x',
  'Bearer ..',
  `Bearer ${'x'.repeat(4000)}`,
  'Basic dXNlcjpwYXNz',
  'bearer vrt_x',
];

const pathTricks: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => path.replace(/\/([^/]*)$/, '/%2F$1'),
  (path) => path.replace(/\/([^/]*)$/, '/..%2f$1'),
  (path) => path.replace(/\/([^/]*)$/, '/../$1'),
  (path) => path.replace(/\/([^/]*)$/, '/./$1'),
  (path) => path.replace(/\/[^/]*$/, '/'),
  (path) => path.replace(/\/[^/]*$/, '/%'),
  (path) => path.replace(/\/[^/]*$/, '/%zz'),
  (path) => path.replace(/\/[^/]*$/, '/%ff%fe'),
  (path) => path.replace(/\/[^/]*$/, '/%00'),
  (path) => path.replace(/\/[^/]*$/, `/${'x'.repeat(3000)}`),
  (path) => path.replace(/\/[^/]*$/, '/..%00/'),
  (path) => path.replace(/\/[^/]*$/, '/__x__'),
  (path) => path.replace('/v1', '/V1'),
  (path) => path.replace('/v1', '/%76%31'),
  (path) => path.replace('/', '/\\'),
  (path) => `${path};a=b`,
  (path) => `${path}#x`,
];

const types = [
  'text/plain',
  'application/xml',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  'application/merge-patch+json',
  'application/json',
  'application/yaml',
  'x',
  '',
  ';',
];

const oddHeaders: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  'x-request-id': ['', 'a b', 'x'.repeat(500), 'ok-1', ['a', 'b'], '\xe9'],
  traceparent: [
    '',
    '00-x',
    '00-00000000000000000000000000000000-0000000000000000-00',
    `00-${'f'.repeat(32)}-${'f'.repeat(16)}-ff`,
  ],
  prefer: ['wait=999999999999999999999', 'wait=-1', 'wait=', 'wait=1e9', ',;,', ['wait=0', 'wait=0']],
  'if-none-match': ['*', 'W/"x"', '"', 'x'.repeat(5000), ['"a"', '"b"']],
  'if-match': ['*', '', '"x"', ','],
  'idempotency-key': ['', ' ', 'x'.repeat(256), 'a b', '\xff', ['a', 'b'], 'constructor'],
  origin: ['null', 'https://evil.example', 'x', ['a', 'b']],
  'x-forwarded-for': ['', ',', '::1', 'x'.repeat(5000), '1.2.3.4, 5.6.7.8'],
  'x-file-name': ['../../x.yaml', '\xe9.yaml', '%', 'x'.repeat(3000), ''],
  accept: ['', '*/*', 'application/json;q=x', 'image/*', ','],
  'accept-encoding': ['gzip', 'br;q=0', '*'],
  'content-encoding': ['gzip', 'br', 'x'],
  'user-agent': ['', 'x'.repeat(5000), '\xff'],
  'x-http-method-override': ['DELETE'],
  'x-forwarded-host': ['evil.example'],
  'last-event-id': ['-1', 'x'],
  range: ['bytes=0-1', 'bytes=x'],
  cookie: ['a=b', 'x'.repeat(3000)],
};

const query = (path: string, more: string): string => `${path}${path.includes('?') ? '&' : '?'}${more}`;
const queries = [
  'pageSize=0',
  'pageSize=999',
  'pageSize=1&pageSize=2',
  'pageSize',
  'pageToken=x',
  'pageToken=W10',
  'pageToken=WzEsInJ1bl8xIl0',
  'pageToken=WzllOTksInJ1bl8xIl0',
  '__proto__=1',
  'constructor=1',
  'a[b]=c',
  '%=%',
  '%ff=%fe',
  '=&=&&',
  `x=${'y'.repeat(3000)}`,
  'form=journey',
  'name=%2e%2e%2fx.yaml',
  'name=',
  'name=%00.yaml',
];

/** Ways in which requests are wrong. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'another type': (request, next) => withBody(request, (value) => somewhere(value, next, () => anyValue(next))),
  'something missing': (request, next) =>
    withBody(request, (value) => somewhere(value, next, (at) => without(at, next))),
  'a further field': (request, next) =>
    withBody(request, (value) => somewhere(value, next, (at) => withField(at, pick(oddTexts, next), anyValue(next)))),
  'an odd text': (request, next) => withBody(request, (value) => somewhere(value, next, () => pick(oddTexts, next))),
  'deep inside itself': (request, next) =>
    withBody(request, (value) => somewhere(value, next, () => nested(pick([19, 25, 120, 3000], next)))),
  'a long text': (request, next) =>
    withBody(request, (value) => somewhere(value, next, () => 'é'.repeat(pick([5000, 100_000, 600_000], next)))),
  'a long list': (request, next) =>
    withBody(request, (value) =>
      somewhere(value, next, () => Array.from({ length: pick([300, 5000], next) }, (_, i) => i)),
    ),
  'broken JSON': (request, next) => ({ ...request, body: cut(request.body ?? Buffer.from('{'), next) }),
  'a wrong byte': (request, next) => ({ ...request, body: spoilt(request.body ?? Buffer.from('{}'), next) }),
  'another body': (request, next) => ({
    ...request,
    body: Buffer.from(pick(['null', '[]', '""', '0', '{', '\ufeff{}', '{"a":1,"a":2}', '\0', 'NaN'], next)),
  }),
  'a body of random bytes': (request, next) => ({
    ...request,
    body: Buffer.from(Array.from({ length: next(200) }, () => next(256))),
  }),
  'a body that is too long': (request, next) => ({
    ...request,
    body: Buffer.alloc(pick([1024 * 1024 + 1, 1024 * 1024], next), 0x20),
  }),
  'another content type': (request, next) => ({
    ...request,
    headers: { ...request.headers, 'content-type': pick(types, next) },
  }),
  'another method': (request, next) => ({
    ...request,
    method: pick(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE'], next),
  }),
  'a tricky path': (request, next) => {
    const [path = '', ...rest] = request.path.split('?');
    return { ...request, path: [pick(pathTricks, next)(path), ...rest].join('?') };
  },
  'an odd header': (request, next) => {
    const name = pick(Object.keys(oddHeaders), next);
    return { ...request, headers: { ...request.headers, [name]: pick(oddHeaders[name] ?? [''], next) } };
  },
  'an odd query': (request, next) => ({ ...request, path: query(request.path, pick(queries, next)) }),
  'no credential': ({ headers: { 'x-api-key': _key, ...headers }, ...request }) => ({ ...request, headers }),
  'a bad credential': ({ headers: { 'x-api-key': _key, ...headers }, ...request }, next) => ({
    ...request,
    headers: {
      ...headers,
      ...(next(2) === 0
        ? { authorization: pick(tokens, next) }
        : { 'x-api-key': pick(['', 'vrt_', 'vrt_x', '\xff', 'x'.repeat(4000), 'a.b.c'], next) }),
    },
  }),
};
