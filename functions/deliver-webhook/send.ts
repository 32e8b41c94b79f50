import type { DeliveryEntity, WebhookEntity } from '../../schemas/entities.ts';
import type { Attempt } from '../../shared/domain/deliveries.ts';
import { maskFor } from '../../shared/engine/mask.ts';
import { deliveryHeaders } from '../../shared/events/webhook-headers.ts';
import { signatureHeaders } from '../../shared/events/webhook-signature.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';
import type { Egress } from '../../shared/platform/egress.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Sending {
  readonly cipher: Cipher;
  readonly egress: Egress;
}

const TIMEOUT_MS = 15_000;
/** So much of an answer is read, and so much of that is kept, in bytes. */
const MOST_READ = 16_384;
const MOST_KEPT = 1024;
/** Shorter parts of a header's value are words. */
const SHORTEST_SECRET = 6;

/** Sends a delivery once, signed. What comes of it, an error too, is the attempt. */
export async function send(
  delivery: DeliveryEntity,
  webhook: WebhookEntity,
  { cipher, egress, clock, log }: Sending & Base,
): Promise<{ attempt: Attempt; retryAfter: string | undefined }> {
  const startedAt = clock.now();
  const { secrets, headers } = await opened(webhook, startedAt, cipher);
  const { body } = delivery;
  const timestamp = Math.floor(startedAt / 1000);
  const signature = signatureHeaders({ id: delivery.event_id, timestamp, body, secrets });
  const done = (status: number | null, error: string | null, answer = ''): Attempt => ({
    ...{ at: new Date(startedAt), status, duration_ms: clock.now() - startedAt, error },
    ...(answer === '' ? {} : { answer }),
  });
  try {
    const answer = await egress.send({
      method: 'POST',
      url: webhook.url,
      headers: { ...headers, ...deliveryHeaders(body), ...signature },
      body,
      timeoutMs: TIMEOUT_MS,
      largestAnswer: MOST_READ,
      // It may arrive twice anyhow, and is known by its id then.
      reuse: true,
    });
    log.info(`delivery attempt: ${answer.status}`);
    const error = answer.status >= 300 && answer.status < 400 ? 'redirects are not followed' : null;
    const kept = keptOf(answer.body, [...secrets, ...Object.values({ ...headers, ...signature })]);
    return { attempt: done(answer.status, error, kept), retryAfter: answer.headers['retry-after'] };
  } catch (error) {
    log.info(`delivery attempt failed: ${(error as Error).message}`);
    return { attempt: done(null, (error as Error).message), retryAfter: undefined };
  }
}

/** What a webhook keeps encrypted: secrets that are still valid, and headers. */
async function opened(webhook: WebhookEntity, now: number, cipher: Cipher) {
  const open = async (sealed: string) => (await cipher.decrypt(sealed)).toString('utf8');
  const valid = webhook.secrets.filter(({ expires_at }) => !expires_at || expires_at.getTime() > now);
  const headers = Object.entries(webhook.headers).map(async ([name, sealed]) => [name, await open(sealed)] as const);
  return {
    secrets: await Promise.all(valid.map(({ sealed }) => open(sealed))),
    headers: Object.fromEntries(await Promise.all(headers)),
  };
}

/** The first kilobyte of an answer, with what was secret in the request masked: some endpoints echo what they get. */
function keptOf(bytes: Buffer, values: readonly string[]): string {
  if (bytes.length === 0) return '';
  const parts = values.flatMap((value) => [value, ...value.split(/[\s,]+|^whs(?:ec|k)_/)]);
  const secrets = parts.filter(({ length }) => length >= SHORTEST_SECRET);
  const mask = maskFor(secrets);
  const masked = mask.text(bytes.toString('utf8'));
  // Where reading stopped, a secret may have been cut in two: its first part is not known for one.
  const longest = Math.max(0, ...mask.secrets().map(({ length }) => length));
  const text = bytes.length < MOST_READ ? masked : masked.slice(0, Math.max(0, masked.length - longest));
  return Buffer.from(text)
    .subarray(0, MOST_KEPT)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}
