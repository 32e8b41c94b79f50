import type { CorsRule } from './bucket-settings.ts';
import { type Call, header } from './call.ts';

/**
 * The headers that let a page of the request's origin read the answer, when a rule of the bucket allows it; to a
 * preflight (`OPTIONS`), what the page may send.
 * @see https://cloud.google.com/storage/docs/cross-origin
 */
export function corsHeaders(call: Call, rules: readonly CorsRule[] = []): Record<string, string> {
  const origin = header(call, 'origin');
  if (!origin) return {};
  const isPreflight = call.request.method === 'OPTIONS';
  const method = (isPreflight ? header(call, 'access-control-request-method') : call.request.method) ?? '';
  const wanted = isPreflight ? (header(call, 'access-control-request-headers') ?? '') : '';
  const names = wanted
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const rule = rules.find((candidate) => allows(candidate, { origin, method, names }));
  if (!rule) return {};
  const headers = rule.responseHeader?.join(', ');
  return {
    ...allowed(rule.origin?.includes('*') ? '*' : origin),
    ...(isPreflight
      ? {
          'access-control-allow-methods': rule.method?.join(', ') ?? '',
          ...(headers && { 'access-control-allow-headers': headers }),
          'access-control-max-age': String(rule.maxAgeSeconds ?? 3600),
        }
      : headers && { 'access-control-expose-headers': headers }),
  };
}

/**
 * The same of the JSON API, which lets pages of every origin in whatever the bucket's rules are: it takes nothing without
 * a token that only the page has.
 */
export function openCorsHeaders(call: Call): Record<string, string> {
  const origin = header(call, 'origin');
  if (!origin) return {};
  if (call.request.method !== 'OPTIONS') {
    return {
      ...allowed(origin),
      'access-control-expose-headers': 'Location, Range, X-GUploader-UploadID, X-Goog-Hash',
    };
  }
  const names = header(call, 'access-control-request-headers');
  return {
    ...allowed(origin),
    'access-control-allow-methods': 'DELETE, GET, HEAD, PATCH, POST, PUT',
    ...(names && { 'access-control-allow-headers': names }),
    'access-control-max-age': '3600',
  };
}

function allowed(origin: string): Record<string, string> {
  return { 'access-control-allow-origin': origin, vary: 'Origin' };
}

function allows(
  { origin: origins, method: methods, responseHeader: headers = [] }: CorsRule,
  asked: { origin: string; method: string; names: readonly string[] },
): boolean {
  const lower = headers.map((name) => name.toLowerCase());
  return (
    lists(origins, asked.origin) &&
    lists(methods, asked.method) &&
    asked.names.every((name) => lists([...lower, ...SIMPLE], name.toLowerCase()))
  );
}

/** Headers that a page may always send (Fetch standard). */
const SIMPLE = ['accept', 'accept-language', 'content-language', 'origin'];

function lists(values: readonly string[] | undefined, value: string): boolean {
  return values?.some((item) => item === '*' || item === value) ?? false;
}
