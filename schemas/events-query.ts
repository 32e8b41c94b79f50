import { contract } from './contract.ts';
import { Type } from './type.ts';

/** Query of `GET /v1/runs/{id}/events` and `GET /v1/sessions/{id}/events`. */
export const eventsQuery = contract(
  'events-query',
  Type.Object(
    {
      lastEventId: Type.Optional(
        Type.String({
          maxLength: 200,
          description: 'As Last-Event-ID, for those who cannot send that header. The header is the one that counts.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
);
