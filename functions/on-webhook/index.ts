import { defineFunction } from '../../shared/define/function.ts';
import { onDocument } from '../../shared/define/trigger.ts';
import { publisher } from '../../shared/events/publish.ts';
import { webhooksCollection } from '../../shared/resources/collections.ts';
import { onWebhook as handle } from './handler.ts';

export const onWebhook = defineFunction({
  name: 'on-webhook',
  summary: 'Tells the owner of an endpoint that it was disabled.',
  trigger: onDocument(webhooksCollection, 'updated'),
  services: { events: publisher('webhook.disabled') },
  handle,
});
