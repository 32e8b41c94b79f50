import type { CorsRule } from './bucket-settings.ts';
import { type Call, header } from './call.ts';

/** The headers that let a page of the request's origin read the answer, when a rule of the bucket allows it. */
export function corsHeaders(call: Call, rules: readonly CorsRule[] = []): Record<string, string> {
  const origin = header(call, 'origin');
  const method = header(call, 'access-control-request-method') ?? call.request.method ?? 'GET';
  const rule = rules.find((candidate) => origin && lists(candidate.origin, origin) && lists(candidate.method, method));
  if (!rule || !origin) return {};
  return {
    'access-control-allow-origin': rule.origin?.includes('*') ? '*' : origin,
    'access-control-allow-methods': rule.method?.join(',') ?? '',
    'access-control-allow-headers': rule.responseHeader?.join(',') ?? '',
    'access-control-expose-headers': rule.responseHeader?.join(',') ?? '',
    'access-control-max-age': String(rule.maxAgeSeconds ?? 3600),
    vary: 'Origin',
  };
}

function lists(values: readonly string[] | undefined, value: string): boolean {
  return values?.some((item) => item === '*' || item === value) ?? false;
}
