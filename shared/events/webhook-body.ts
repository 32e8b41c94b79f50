import type { WebhookEntity } from '../../schemas/entities.ts';
import { slackMessage, teamsMessage } from './chat-messages.ts';
import { checkRun } from './check-run.ts';

/** An event that is to be sent: one of the suite's own, as it was published. */
export interface SentEvent {
  readonly type: string;
  /** RFC 3339 */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Standard Webhooks 1.0 asks for payloads under 20 kB. */
const LARGEST_BODY = 20_000;

/**
 * The body of a delivery, byte for byte: the event without whose it is, with links to what it is about. What would be too
 * large is sent thin, which says so.
 * @param publicUrl where the API is reached; without one, links are paths
 */
export function webhookBody(
  event: SentEvent,
  { format, payload }: Pick<WebhookEntity, 'format' | 'payload'>,
  publicUrl: string,
): string {
  const { user_id: _userId, ...data } = event.data;
  const links = linksOf(data, publicUrl);
  if (format === 'slack') return JSON.stringify(slackMessage({ ...event, data }, links));
  if (format === 'github-check') return JSON.stringify(checkRun({ ...event, data }, links));
  if (format === 'teams') return JSON.stringify(teamsMessage({ ...event, data }, links));
  const body = (shown: object, more: object = {}) =>
    JSON.stringify({ type: event.type, timestamp: event.time, data: shown, ...more, links });
  const thin = idsOf(data);
  if (payload === 'thin') return body(thin);
  const full = body(data);
  return Buffer.byteLength(full) <= LARGEST_BODY ? full : body(thin, { truncated: true });
}

const idsOf = (data: object) => Object.fromEntries(Object.entries(data).filter(([name]) => name.endsWith('_id')));

const resources = { run_id: ['run', 'runs'], test_id: ['test', 'tests'], webhook_id: ['webhook', 'webhooks'] } as const;

/** Where the things are that an event names. */
function linksOf(data: Readonly<Record<string, unknown>>, publicUrl: string): Record<string, string> {
  const links = Object.entries(resources).flatMap(([field, [name, path]]) => {
    const id = data[field];
    return typeof id === 'string' ? [[name, `${publicUrl}/v1/${path}/${encodeURIComponent(id)}`] as const] : [];
  });
  return Object.fromEntries(links);
}
