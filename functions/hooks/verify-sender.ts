import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HookEntity } from '../../schemas/entities.ts';
import { signatureHeaders } from '../../shared/events/webhook-signature.ts';

/** A request as a sender signs it. */
export interface SentRequest {
  readonly body: Uint8Array;
  header(name: string): string | undefined;
}

/** What a request whose signature holds is. */
export interface Verified {
  /** The sender's word for what has happened; empty when it has none. */
  readonly event: string;
  /** The same when the request comes again, from whomever. */
  readonly key: string;
}

/** How far a timestamp may be from now, in seconds (Standard Webhooks 1.0, "Verifying timestamps"). */
const TOLERANCE_SECONDS = 300;

/** @returns undefined when the request is not signed with the secret, or was signed too long ago */
export function verifySender(
  sender: HookEntity['sender'],
  request: SentRequest,
  secret: string,
  now: number,
): Verified | undefined {
  if (sender === 'github') return github(request, secret);
  // GitLab's signing tokens follow Standard Webhooks too.
  if (sender === 'gitlab' && !request.header('webhook-signature')) return gitlab(request, secret);
  const id = standard(request, secret, now);
  if (id === undefined) return undefined;
  const event = sender === 'gitlab' ? request.header('x-gitlab-event') : typeOf(request.body);
  return { event: event ?? '', key: `id ${id}` };
}

/** `X-Hub-Signature-256`. It signs no time: what comes again is known by its signature. */
function github(request: SentRequest, secret: string): Verified | undefined {
  const expected = `sha256=${createHmac('sha256', secret).update(request.body).digest('hex')}`;
  const given = request.header('x-hub-signature-256') ?? '';
  return same(given, expected) ? { event: request.header('x-github-event') ?? '', key: expected } : undefined;
}

/** `X-Gitlab-Token`, the secret itself. */
function gitlab(request: SentRequest, secret: string): Verified | undefined {
  if (!same(request.header('x-gitlab-token') ?? '', secret)) return undefined;
  const id = request.header('idempotency-key') ?? request.header('x-gitlab-event-uuid');
  return {
    event: request.header('x-gitlab-event') ?? '',
    key: id ? `id ${id}` : createHash('sha256').update(request.body).digest('hex'),
  };
}

/** Standard Webhooks. @returns the message's id */
function standard(request: SentRequest, secret: string, now: number): string | undefined {
  const [id, time, given] = ['id', 'timestamp', 'signature'].map((name) => request.header(`webhook-${name}`) ?? '');
  const timestamp = Number(time);
  if (!id || !given || !/^\d+$/.test(time ?? '') || Math.abs(now / 1000 - timestamp) > TOLERANCE_SECONDS)
    return undefined;
  const body = Buffer.from(request.body).toString('utf8');
  const expected = signatureHeaders({ id, timestamp, body, secrets: [secret] })['webhook-signature'] ?? '';
  return given.split(' ').some((one) => same(one, expected)) ? id : undefined;
}

function typeOf(body: Uint8Array): string | undefined {
  try {
    const { type } = JSON.parse(Buffer.from(body).toString('utf8')) as { type?: unknown };
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}

/** Takes as long whatever is different: the digests are compared, which are of one length. */
function same(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(one as Buffer, other as Buffer);
}
