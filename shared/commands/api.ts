import { defineCommand } from '../define/command.ts';
import { unreachable } from '../engine/files.ts';
import { pageCookies } from '../engine/page-cookies.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import { type FollowedAnswer, sendFollowing } from '../platform/follow-redirects.ts';
import * as shape from '../test-files/shapes.ts';
import { anything, choice, type Field, fields, flag, integer, mapping, text } from './fields.ts';
import { jsonPath } from './json-path.ts';

/** Bytes of an answer that are read. */
export const LARGEST_ANSWER = 5_000_000;
/** Characters of an answer's body that the record holds. */
const LONGEST_RECORD = 4000;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

const asMapping = shape.keys(
  {
    url: shape.text('url'),
    method: shape.text('method'),
    headers: shape.anything('headers'),
    ...shape.named(['body', 'json', 'data'], shape.anything('body')),
    ...shape.named(['expectStatus', 'status'], shape.number('expectStatus')),
    store: shape.anything('store'),
    cookies: shape.anything('cookies'),
  },
  { needs: ['url'] },
);

const request = defineCommand({
  name: 'api.request',
  summary: 'Sends an HTTP request beside the page, checks its status and stores parts of its JSON answer.',
  kind: 'assertion',
  fields: fields(
    { url: text('Where to: http or https; a relative one joins the base URL.', { minLength: 1 }) },
    {
      method: choice('Of the request.', methods, 'GET'),
      headers: mapping('Names and values.') as Field<Record<string, string>>,
      body: anything('Text is sent as it is, anything else as JSON.'),
      expectStatus: integer('Status without which the step fails.', { minimum: 100, maximum: 599 }),
      store: mapping('Variables, each with the JSONPath of its value in the answer.') as Field<Record<string, string>>,
      cookies: flag("Sends the page's cookies and keeps those that the answer sets.", false),
    },
  ),
  examples: [
    { command: 'api.request', url: '/api/items', expectStatus: 200, store: { first: '$.items[0].name' } },
    {
      command: 'api.request',
      method: 'POST',
      url: '/api/items',
      headers: { Authorization: 'Bearer {{uuid}}' },
      body: { name: 'Tea' },
      cookies: true,
    },
  ],
  aliases: {
    compact: { request: [shape.text('url'), shape.pair('method', shape.text('url')), asMapping] },
    simplified: shape.named(['request', 'api'], [shape.text('url'), asMapping]),
  },
  run: async ({ method = 'GET', url, headers = {}, body, expectStatus, store = {}, cookies = false }, context) => {
    const started = context.now();
    const asked = { method, url: context.url(url), ...sent(headers, body) };
    const answer = await ask(asked, cookies, context);
    const value = {
      method,
      url: context.masked(answer.url),
      status: answer.status,
      durationMs: Math.round(context.now() - started),
      body: recorded(answer.body, context),
    };
    if (expectStatus !== undefined && answer.status !== expectStatus)
      return { passed: false, expected: expectStatus, actual: answer.status, value };
    keep(store, answer, context);
    return expectStatus === undefined
      ? { value }
      : { passed: true, expected: expectStatus, actual: answer.status, value };
  },
});

/** Headers and body as they are sent; a header of the step goes before ours. */
function sent(
  given: Readonly<Record<string, unknown>>,
  body: unknown,
): { headers: Record<string, string>; body?: string } {
  const own = Object.entries(given).map(([name, value]): [string, string] => [
    headerName(name),
    headerValue(name, value),
  ]);
  const has = (name: string): boolean => own.some(([given]) => given.toLowerCase() === name);
  const plain = typeof body === 'string';
  const type = plain ? 'text/plain; charset=utf-8' : 'application/json';
  const text = body === undefined ? undefined : plain ? body : JSON.stringify(body);
  return {
    headers: {
      // An answer is read as it comes: nothing is unpacked.
      ...(has('accept-encoding') ? {} : { 'accept-encoding': 'identity' }),
      ...(text === undefined || has('content-type') ? {} : { 'content-type': type }),
      ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
      ...Object.fromEntries(own),
    },
    ...(text === undefined ? {} : { body: text }),
  };
}

/** Headers that frame the message, or say where it goes: the guard checks the address, and nothing may say another. */
const FRAMING = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

function headerName(name: string): string {
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !FRAMING.has(name.toLowerCase())) return name;
  throw new StepError('invalid-value', `the header '${name}' cannot be set`, {
    hint: 'Names have no spaces; headers that frame the message are set by the request itself.',
  });
}

function headerValue(name: string, value: unknown): string {
  const text = typeof value === 'object' ? undefined : String(value);
  if (text !== undefined && /^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text;
  throw new StepError('invalid-value', `the value of the header '${name}' cannot be sent`, {
    hint: 'It must be one line of text.',
  });
}

async function ask(
  asked: { method: string; url: string; headers: Record<string, string>; body?: string },
  cookies: boolean,
  context: StepContext,
): Promise<FollowedAnswer> {
  const limits = { timeoutMs: context.left(), largestAnswer: LARGEST_ANSWER + 1 };
  const jar = cookies ? { cookies: pageCookies(context.browser, context.now) } : {};
  try {
    return await sendFollowing(context.outside.send, { ...asked, ...limits }, jar);
  } catch (error) {
    throw unreachable(error, asked.url);
  }
}

/** The beginning of a body, masked before it is cut. */
function recorded(body: Buffer, context: StepContext): string {
  const text = context.masked(body.subarray(0, LARGEST_ANSWER).toString('utf8'));
  return text.length > LONGEST_RECORD ? `${text.slice(0, LONGEST_RECORD)}…` : text;
}

function keep(store: Readonly<Record<string, unknown>>, { body }: FollowedAnswer, context: StepContext): void {
  if (Object.keys(store).length === 0) return;
  if (body.length > LARGEST_ANSWER) {
    throw new StepError('too-large', `the answer has more than ${LARGEST_ANSWER / 1e6} MB`, {
      hint: 'Ask for less: nothing can be stored of an answer that is not read whole.',
    });
  }
  const json = parsed(body.toString('utf8'), context);
  const found = Object.entries(store).map(([name, path]): [string, unknown] => [name, jsonPath(String(path), json)]);
  for (const [name, value] of found) context.variables.set(name.replace(/^\$/, ''), value);
}

function parsed(text: string, context: StepContext): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StepError('invalid-value', `the answer is not JSON: ${context.masked(text).slice(0, 100)}`, {
      hint: 'store reads JSON answers only.',
      cause,
    });
  }
}

export const apiCommands = [request];
