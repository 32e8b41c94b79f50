import type { Context } from 'hono';
import type { Problem } from '../../schemas/problems.ts';
import { AppError } from '../platform/errors.ts';
import type { ApiRequest, Caller, Route } from './route.ts';

/** Longest JSON body, and longest test file, in bytes. */
const JSON_LIMIT = 1024 * 1024;
const RAW_LIMIT = 10 * 1024 * 1024;
/** Levels of a JSON body. A test needs about ten; what lies deeper would only use up the stack of who reads it. */
const DEEPEST = 100;
/** Longest time that `Prefer: wait` is honoured for, in seconds. */
const LONGEST_WAIT = 60;
const JSON_TYPE = /^application\/(json|[\w.-]+\+json)\s*(;|$)/i;
const MULTIPART = /^multipart\//i;
const ASYNC = /(?:^|[,;\s])respond-async(?=$|[,;\s])/i;
const WAIT = /(?:^|[,;\s])wait="?(\d+)"?(?=$|[,;\s])/i;

/** Reads and checks what a route's handler is given. @throws AppError too-large, unsupported-media-type, invalid-argument */
export async function readRequest(context: Context, route: Route, caller: Caller, id: string): Promise<ApiRequest> {
  const query = readQuery(context, route);
  return {
    id,
    method: context.req.method,
    caller,
    params: context.req.param() as Record<string, string>,
    query,
    body: route.body ? await readBody(context, route.body) : await refuseBody(context, route),
    header: (name) => context.req.header(name),
    waitSeconds: waitOf(context.req.header('prefer')),
  };
}

/** Every parameter once, and none that the route does not know. */
function readQuery(context: Context, route: Route): Record<string, string> {
  if (route.query === 'any') return context.req.query();
  const given = context.req.queries();
  const problems = Object.entries(given)
    .filter(([, values]) => values.length > 1)
    .map(([name]) => ({ pointer: `/${name}`, message: `'${name}' is given more than once` }));
  const query = context.req.query();
  const unknown = route.query
    ? route.query.problems(query)
    : Object.keys(given).map((name) => ({ pointer: `/${name}`, message: `unknown parameter '${name}'` }));
  check([...problems, ...unknown.map((problem) => withPlus(problem, query))], 'The query is not valid.');
  return query;
}

/** A time whose offset has lost its plus (the URL standard, 5.1: in a query it stands for a space). */
const PLUS_LOST = /T[\d:.]+ \d\d:\d\d$/;

function withPlus(problem: Problem, query: Record<string, string>): Problem {
  if (!PLUS_LOST.test(query[problem.pointer.slice(1)] ?? '')) return problem;
  return { ...problem, hint: "a '+' in a query stands for a space: write '%2B'" };
}

async function readBody(context: Context, expected: NonNullable<Route['body']>): Promise<unknown> {
  const coding = context.req.header('content-encoding') ?? 'identity';
  if (coding.toLowerCase() !== 'identity') {
    throw new AppError('unsupported-media-type', `Send the body as it is, without 'Content-Encoding: ${coding}'.`);
  }
  const type = context.req.header('content-type') ?? '';
  if (expected === 'raw' && MULTIPART.test(type)) {
    throw new AppError('unsupported-media-type', 'Send the file itself as the body: curl --data-binary @FILE.');
  }
  const limit = expected === 'raw' ? RAW_LIMIT : JSON_LIMIT;
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  if (bytes.length > limit) {
    throw new AppError('too-large', `The body has ${bytes.length} bytes; at most ${limit} are taken.`);
  }
  if (expected === 'raw') return bytes;
  if (!JSON_TYPE.test(type)) {
    throw new AppError('unsupported-media-type', "Send JSON with 'Content-Type: application/json'.");
  }
  const value = parseJson(bytes);
  check(expected.problems(value), 'The body is not valid.');
  return value;
}

/** A request that takes no body says nothing in one: what would be ignored is refused. Clients that send `{}` may. */
async function refuseBody(context: Context, { method }: Route): Promise<undefined> {
  if (method === 'GET' || method === 'DELETE') return;
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  if (bytes.length === 0) return;
  const value = parseJson(bytes);
  if (value === null) return;
  const fields = typeof value === 'object' ? Object.keys(value) : [''];
  const problems = fields.map((name) =>
    name === ''
      ? { pointer: '', message: 'this request takes no body' }
      : { pointer: `/${name}`, message: `unknown field '${name}': this request takes no body` },
  );
  check(problems, 'The body is not valid.');
}

function parseJson(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('invalid-argument', `The body is not JSON: ${(cause as Error).message}.`, { cause });
  }
  if (isTooDeep(value)) {
    throw new AppError('invalid-argument', `The body is nested deeper than ${DEEPEST} levels.`);
  }
  return value;
}

/** Found level by level: who reads it otherwise does so by recursion. */
function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= DEEPEST; depth++) {
    level = level.flatMap((item) => (item !== null && typeof item === 'object' ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}

function check(problems: readonly Problem[], message: string): void {
  if (problems.length === 0) return;
  throw new AppError('invalid-argument', message, { details: problems.map((problem) => ({ ...problem })) });
}

/** RFC 7240: `Prefer: wait=30`. Who prefers `respond-async` and says no time waits for nothing. */
function waitOf(prefer = ''): number | undefined {
  const seconds = prefer.match(WAIT)?.[1] ?? (ASYNC.test(prefer) ? '0' : undefined);
  return seconds === undefined ? undefined : Math.min(Number(seconds), LONGEST_WAIT);
}
