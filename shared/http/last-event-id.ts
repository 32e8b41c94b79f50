import { AppError } from '../platform/errors.ts';
import type { ApiRequest } from './route.ts';

/**
 * The event after which a client is to be sent what came: by the header, which a browser sends by itself when it comes
 * again, else by the query.
 * @param isPlace whether it is a place in the log in question
 * @throws AppError invalid-argument
 */
export function lastEventId(
  { header, query }: Pick<ApiRequest<unknown, { lastEventId?: string }>, 'header' | 'query'>,
  isPlace: (id: string) => boolean,
): string | undefined {
  const id = header('last-event-id') || query.lastEventId || undefined;
  if (id === undefined || isPlace(id)) return id;
  throw new AppError('invalid-argument', 'The Last-Event-ID is none of these events: send it as it was received.');
}
