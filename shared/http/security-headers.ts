/**
 * What every answer says to browsers (OWASP's list for REST services): nothing of it is guessed, framed, cached in
 * shared places or told to other sites. An answer that says otherwise for itself keeps its word.
 */
const headers = {
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** Adds the headers that an answer does not have yet. */
export function secure(answer: Headers): void {
  for (const [name, value] of Object.entries(headers)) if (!answer.has(name)) answer.set(name, value);
}
