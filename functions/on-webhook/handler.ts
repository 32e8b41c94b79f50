import type { WebhookEntity } from '../../schemas/entities.ts';
import type { DocumentInput } from '../../shared/define/trigger.ts';
import type { Events } from '../../shared/events/publish.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';

export interface Services {
  readonly events: Events;
}

/** Tells that an endpoint was disabled. */
export async function onWebhook(
  { eventId, id, before, after }: DocumentInput,
  { events, log }: Services & Base,
): Promise<void> {
  const webhook = after as unknown as WebhookEntity | undefined;
  if (webhook?.disabled_reason === undefined || before?.disabled_reason !== undefined) return;
  const { user_id, disabled_reason: reason } = webhook;
  annotate({ webhook_id: id, user_id });
  log.warning(`webhook disabled: ${reason}`);
  await events.publish([
    {
      type: 'webhook.disabled',
      key: [id, eventId],
      subject: `webhooks/${id}`,
      time: webhook.updated_at,
      // Of the URL only the host: the rest may be a secret.
      data: { user_id, webhook_id: id, host: new URL(webhook.url).host, reason },
    },
  ]);
}
