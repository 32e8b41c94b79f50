import { listQuery } from '../../schemas/requests.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { listReply, pageOf } from '../../shared/http/lists.ts';
import { route } from '../../shared/http/route.ts';
import { owned, type Services } from './services.ts';

export const listDeliveries = route<Services, undefined, typeof listQuery>({
  method: 'GET',
  path: '/v1/webhooks/:id/deliveries',
  summary: "Lists a webhook's deliveries with their attempts, newest first.",
  access: { scope: 'webhooks:read' },
  answers: { 200: 'deliveries' },
  query: listQuery,
  async handle(request, { webhooks, deliveries }) {
    const webhook = await owned(request, { webhooks });
    const page = pageOf(request.query);
    return listReply(page, await deliveries.ofWebhook(webhook.id, page), ({ body: _body, ...delivery }) =>
      camelize(delivery),
    );
  },
});
