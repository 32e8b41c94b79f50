import { eventExamples } from '../../schemas/event-examples.ts';
import { eventSummaries } from '../../schemas/event-summaries.ts';
import { type EventType, eventData } from '../../schemas/events.ts';
import { previewQuery } from '../../schemas/requests.ts';
import { subscribableTypes } from '../../shared/events/catalogue.ts';
import { webhookBody } from '../../shared/events/webhook-body.ts';
import { deliveryHeaders } from '../../shared/events/webhook-headers.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { owned, type Services } from './services.ts';

/** When the examples happened. */
const EXAMPLE_TIME = '2026-03-04T12:00:00.000Z';
const full = { format: 'json', payload: 'full' } as const;

export const listEventTypes = route<Services>({
  method: 'GET',
  path: '/v1/webhooks/event-types',
  summary: 'What can be subscribed to: each type of event with the JSON Schema of its body, and an example.',
  access: { scope: 'webhooks:read' },
  answers: { 200: 'event-types' },
  handle: async (_request, { config }) => ({
    status: 200,
    body: {
      items: subscribableTypes.map((type) => ({
        type,
        summary: eventSummaries[type],
        schema: schemaOf(type),
        example: JSON.parse(webhookBody(exampleOf(type), full, config.publicUrl)),
      })),
    },
  }),
});

export const previewWebhook = route<Services, undefined, typeof previewQuery>({
  method: 'GET',
  path: '/v1/webhooks/:id/preview',
  summary: 'Shows what this endpoint would be sent of an event, made of an example; nothing is sent or signed.',
  access: { scope: 'webhooks:read' },
  answers: { 200: 'webhook-preview' },
  query: previewQuery,
  async handle(request, { webhooks, config }) {
    const webhook = await owned(request, { webhooks });
    const { type = 'run.completed' } = request.query;
    if (!isSubscribable(type))
      throw new AppError('invalid-argument', `There is no event type '${type}' to subscribe to.`, {
        details: [{ pointer: '/type', message: 'unknown type', hint: `the types are ${subscribableTypes.join(', ')}` }],
      });
    const body = webhookBody(exampleOf(type), webhook, config.publicUrl);
    const own = Object.fromEntries(Object.keys(webhook.headers).map((name) => [name, '(as it was set)']));
    const headers = { ...own, ...deliveryHeaders(body) };
    return { status: 200, body: { method: 'POST', url: webhook.url, headers, body } };
  },
});

const isSubscribable = (type: string): type is EventType => (subscribableTypes as readonly string[]).includes(type);

function exampleOf(type: EventType) {
  const { [type]: data = {} } = eventExamples as Partial<Record<EventType, Record<string, unknown>>>;
  return { type, time: EXAMPLE_TIME, data };
}

/** Of a full body: the event's data without whose it is. */
function schemaOf(type: EventType): object {
  const {
    properties,
    required = [],
    ...rest
  } = eventData[type].schema as unknown as {
    properties: Record<string, unknown>;
    required?: string[];
  };
  const { user_id: _userId, ...shown } = properties;
  return {
    type: 'object',
    properties: {
      type: { const: type },
      timestamp: { type: 'string', format: 'date-time' },
      data: { ...rest, properties: shown, required: required.filter((name) => name !== 'user_id') },
      links: { type: 'object', additionalProperties: { type: 'string' } },
    },
    required: ['type', 'timestamp', 'data', 'links'],
  };
}
