import { STATUS_CODES } from 'node:http';
import type { TSchema } from 'typebox';
import type { AnswerBody } from '../../../schemas/answer-views.ts';
import { type AnswerName, answers, problemSchema } from '../../../schemas/answers.ts';
import type { Contract } from '../../../schemas/contract.ts';
import { diagnostic, testDefinition } from '../../../schemas/test-definition.ts';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type { HttpTrigger } from '../../../shared/define/trigger.ts';
import type { Route } from '../../../shared/http/route.ts';
import { scopes } from '../../../shared/http/scopes.ts';
import { version } from '../../../shared/platform/version.ts';
import answerExamples from './answer-examples.json' with { type: 'json' };
import { problemExample, rawExample, requestExamples } from './examples.ts';
import { requestHeaders, responseHeaders } from './headers.ts';

type Json = Record<string, unknown>;

/** The API as its routes declare it: OpenAPI 3.1.1. */
export function openapiDocument(functions: readonly AnyFunction[]): Json {
  const routes = functions.flatMap(({ trigger }) =>
    trigger.kind === 'http' ? (trigger as HttpTrigger).routes : [],
  ) as readonly Route[];
  const schemas = componentSchemas();
  const readable = new Set(routes.filter(({ method }) => method === 'GET').map(({ path }) => path));
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = openapiPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, readable.has(route.path)) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Virtuoso',
      version,
      description: 'Runs browser tests and keeps the evidence. Refusals are problem details (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      headers: responseHeaders,
      responses: {
        problem: {
          description: 'A refusal, and what to do about it.',
          headers: references(['X-Request-Id', 'traceparent', 'RateLimit-Policy', 'RateLimit']),
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/problem' }, example: problemExample },
          },
        },
        'rate-limited': {
          description: 'Too many requests: come back later.',
          headers: references(['X-Request-Id', 'traceparent', 'Retry-After', 'RateLimit-Policy', 'RateLimit']),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
        },
      },
      securitySchemes: {
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          description: `A key, \`vrt_…\`. Scopes: ${scopeWords()}`,
        },
        bearer: { type: 'http', scheme: 'bearer', description: 'A key, or an access token of POST /v1/auth/token.' },
      },
    },
  };
}

const scopeWords = () =>
  Object.entries(scopes)
    .map(([name, words]) => `\`${name}\` ${words}`)
    .join(' ');

const tagOf = ({ path }: Route): string => {
  const [, first = '', second = ''] = path.split('/');
  return first === 'v1' ? second.replace('.json', '') : first === '.well-known' ? 'auth' : first;
};

/** `/v1/runs/:id/:file{report.*}` is `/v1/runs/{id}/{file}`. */
function openapiPath(path: string): string {
  return path.replace(/:(\w+)(\{[^/]*\})?/g, '{$1}');
}

/** @param read whether the path's resource can be read, so that it has an ETag */
function operation(route: Route, read: boolean): Json {
  const { method, path, summary, access, body, limit } = route;
  const open = access === 'public';
  return {
    operationId: `${method.toLowerCase()}${path.replace(/\{[^/]*\}/g, '').replace(/[^A-Za-z0-9]+(.)?/g, (_, next = '') => next.toUpperCase())}`,
    tags: [tagOf(route)],
    summary,
    ...(open ? { security: [] } : { security: [{ apiKey: [] }, { bearer: [] }] }),
    'x-scope': typeof access === 'string' ? access : access.scope,
    ...(limit ? { 'x-limit': limit } : {}),
    parameters: [...pathParameters(path), ...queryParameters(route), ...requestHeaders(route, read)],
    ...(body ? { requestBody: requestBody(body, path) } : {}),
    responses: responses(route),
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)(?:\{([^/]*)\})?/g)].map(([, name, pattern]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', ...(pattern ? { pattern: `^${pattern}$` } : {}) },
  }));
}

function queryParameters({ query }: Route): Json[] {
  if (!query || query === 'any') return [];
  const { properties = {}, required = [] } = plain(query.schema) as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(required.includes(name) ? { required: true } : {}),
    ...((schema as Json).description ? { description: (schema as Json).description } : {}),
    schema,
  }));
}

function requestBody(body: Contract | 'raw', path: string): Json {
  if (body === 'raw') {
    const types = ['application/yaml', 'application/json', 'application/octet-stream'];
    const content = types.map((type) => {
      const example = rawExample(path, type);
      return [type, { schema: { type: 'string' }, ...(example === undefined ? {} : { example }) }] as const;
    });
    return { required: true, content: Object.fromEntries(content) };
  }
  const example = requestExamples[body.name];
  return { required: true, content: { 'application/json': { schema: plain(body.schema), example } } };
}

const SOCKET =
  'With `Upgrade: websocket`: the same events through a WebSocket, each a text message `{"id", "event", "data"}`. It is closed with 1000 after the last one, and with 1012 or 1013 when the client is to come again; refusals are answered before there is a socket.';

/** What every route may answer beside its own: by what it reads and who may ask. */
function responses({ answers: own, access, body, path, method, query }: Route): Json {
  const problem = { $ref: '#/components/responses/problem' };
  const refusals = [
    400,
    ...(access === 'public' ? [] : [401, 403]),
    ...(path.includes(':') || namesSession(query) ? [404] : []),
    ...(method === 'GET' && !path.includes(':') ? [] : [409]),
    ...(method === 'GET' ? [] : [412]),
    ...(body ? [413, 415, 422] : []),
    ...(method === 'GET' || body ? [] : [422]),
    500,
    503,
  ];
  return {
    ...(own[200] === 'events' ? { 101: { description: SOCKET } } : {}),
    ...Object.fromEntries(Object.entries(own).map(([status, name]) => [status, answer(Number(status), name, method)])),
    ...(method === 'GET' ? { 304: { description: 'Nothing has changed since If-None-Match.' } } : {}),
    ...Object.fromEntries(
      [...new Set(refusals)].filter((status) => !(status in own)).map((status) => [status, problem]),
    ),
    429: { $ref: '#/components/responses/rate-limited' },
  };
}

/** A session that is named in the query may not be there, as one in the path. */
function namesSession(query: Route['query']): boolean {
  return query !== undefined && query !== 'any' && 'session' in ((query.schema as Json).properties as Json);
}

function answer(status: number, name: AnswerName | 'nothing', method: string): Json {
  const description = STATUS_CODES[status] ?? '';
  const headers = references([
    ...['X-Request-Id', 'traceparent', 'RateLimit-Policy', 'RateLimit'],
    ...(method === 'GET' ? ['ETag'] : []),
    ...(status === 201 || status === 202 ? ['Location'] : []),
  ]);
  if (name === 'nothing') return { description, headers };
  const body: AnswerBody = answers[name];
  const content =
    'schema' in body
      ? {
          'application/json': {
            schema: { $ref: `#/components/schemas/${name}` },
            example: (answerExamples as Record<string, unknown>)[name],
          },
        }
      : Object.fromEntries(body.contentTypes.map((type) => [type, {}]));
  return { description, headers, content };
}

const references = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Schemas by name; what one holds of another is a reference to it. */
function componentSchemas(): Record<string, Json> {
  const named: [string, TSchema][] = [
    ['problem', problemSchema],
    ['test-definition', testDefinition.schema],
    ['diagnostic', diagnostic.schema],
    ...Object.entries(answers as Record<string, AnswerBody>).flatMap(([name, body]): [string, TSchema][] =>
      'schema' in body ? [[name, body.schema]] : [],
    ),
  ];
  const names = new Map(named.map(([name, schema]) => [JSON.stringify(schema), name]));
  return Object.fromEntries(named.map(([name, schema]) => [name, withReferences(plain(schema), names, name) as Json]));
}

function withReferences(value: unknown, names: ReadonlyMap<string, string>, own: string): unknown {
  if (value === null || typeof value !== 'object') return value;
  const name = names.get(JSON.stringify(value));
  if (name !== undefined && name !== own) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(value)) return value.map((item) => withReferences(item, names, own));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item, names, own)]));
}

/** A schema without what is only for code. */
const plain = (schema: unknown): Json => JSON.parse(JSON.stringify(schema)) as Json;
