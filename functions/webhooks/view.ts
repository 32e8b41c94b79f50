import type { WebhookEntity } from '../../schemas/entities.ts';
import { camelize } from '../../shared/http/camelize.ts';

/** A webhook as its owner sees it: of headers the names, of signing keys the public halves. */
export function view({ secrets, headers, page: _page, ...webhook }: WebhookEntity): Record<string, unknown> {
  const publicKeys = secrets.flatMap(({ public_key }) => public_key ?? []);
  return {
    ...(camelize(webhook) as object),
    headers: Object.keys(headers).sort(),
    ...(publicKeys.length > 0 ? { publicKeys } : {}),
  };
}
