import { subscribes } from '../../shared/domain/webhooks.ts';
import { subscribableTypes } from '../../shared/events/catalogue.ts';
import type { Egress } from '../../shared/platform/egress.ts';
import { AppError } from '../../shared/platform/errors.ts';

/** @throws AppError invalid-argument when a pattern fits no type that can be subscribed to */
export function checkEvents(patterns: readonly string[]): void {
  const unknown = patterns.filter((pattern) => !subscribableTypes.some((type) => subscribes([pattern], type)));
  if (unknown.length === 0) return;
  throw new AppError('invalid-argument', 'Some of the event types do not exist.', {
    details: unknown.map((pattern) => ({
      pointer: '/events',
      message: `'${pattern}' fits no event type`,
      hint: `the types are ${subscribableTypes.join(', ')}`,
    })),
  });
}

/** @throws AppError invalid-argument when the URL leads to where nothing may be sent */
export async function checkUrl(text: string, { guard }: Egress): Promise<void> {
  const refuse = (message: string, cause?: unknown) =>
    new AppError('invalid-argument', 'The URL cannot be delivered to.', {
      cause,
      details: [{ pointer: '/url', message }],
    });
  if (!URL.canParse(text)) throw refuse('it is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('only http and https URLs are allowed');
  if (url.username || url.password) throw refuse('a URL with a user name or password is not allowed');
  try {
    await guard.check(url.hostname);
  } catch (error) {
    throw refuse(error instanceof AppError ? error.message : String(error), error);
  }
}

/** What a delivery says itself, or what belongs to the connection (RFC 9110, 7.6.1). */
const OURS =
  /^(host|date|user-agent|traceparent|tracestate|expect|connection|keep-alive|te|trailer|transfer-encoding|upgrade|(content|webhook|proxy)-.*)$/;

/**
 * Headers under their names in lower case.
 * @throws AppError invalid-argument when one is not the user's to set, or stands there twice
 */
export function ownHeaders<V>(headers: Readonly<Record<string, V>>): Record<string, V> {
  const names = Object.keys(headers);
  const lower = names.map((name) => name.toLowerCase());
  const problems = names.flatMap((name, i) => {
    const pointer = `/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    // Firestore keeps such names for itself.
    if (/^__.*__$/.test(name)) return [{ pointer, message: `'${name}' cannot be kept`, hint: 'take another name' }];
    if (OURS.test(lower[i] ?? ''))
      return [{ pointer, message: `'${name}' is set by the delivery itself`, hint: 'take another name, as X-My-Key' }];
    return lower.indexOf(name.toLowerCase()) < i ? [{ pointer, message: `'${name}' is given more than once` }] : [];
  });
  if (problems.length > 0)
    throw new AppError('invalid-argument', 'Some of the headers cannot be sent along.', { details: problems });
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
