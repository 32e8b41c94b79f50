import type { WebhookEntity } from '../../schemas/entities.ts';
import type { WebhookRequest } from '../../schemas/requests.ts';

/** Filters as they are stored: what filters nothing is left out. */
export function storedFilters({ tags, onlyChanges }: WebhookRequest['filters'] = {}): WebhookEntity['filters'] {
  return { ...(tags ? { tags: [...new Set(tags)] } : {}), ...(onlyChanges ? { only_changes: true } : {}) };
}
