import type { WebhookEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { subscribersCollection, webhooksCollection } from '../resources/collections.ts';
import { Documents, read } from './documents.ts';
import { storable } from './storable.ts';
import { movePages, type Subscriber, subscribersOf } from './subscribers.ts';

export interface Webhooks {
  get(id: string): Promise<WebhookEntity | undefined>;
  /** @returns undefined when there is none, or when it is somebody else's. */
  getOwned(id: string, userId: string): Promise<WebhookEntity | undefined>;
  list(userId: string, page: Page): Promise<WebhookEntity[]>;
  create(webhook: Omit<WebhookEntity, 'created_at' | 'updated_at'>): Promise<WebhookEntity>;
  /** Changes it without anything in between. Gives undefined when there is none any more. */
  change(id: string, change: (current: WebhookEntity) => Partial<WebhookEntity>): Promise<WebhookEntity | undefined>;
  /** `check` may refuse by throwing. */
  delete(id: string, check: (current: WebhookEntity) => void): Promise<void>;
  /** The active webhooks of a user that want this type of event: one read a page of them. */
  subscribedTo(userId: string, type: string): Promise<Subscriber[]>;
  /** Notes that an attempt failed or succeeded; writes only when that changes something. */
  setFailing(webhook: WebhookEntity, failing: boolean): Promise<void>;
  /** One that is gone stays so, and one that leads elsewhere by now goes on. */
  disable(webhook: Pick<WebhookEntity, 'id' | 'url'>, reason: string): Promise<void>;
}

/** True when the subscription (`run.*`, `run.completed`, `*`) takes events of the type. */
export function subscribes(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  );
}

export const webhooks = defineService(
  [writes(webhooksCollection), writes(subscribersCollection)],
  (platform): Webhooks => {
    const documents = new Documents<WebhookEntity>(webhooksCollection, platform);

    /** Changes a webhook together with the pages of subscribers. `change` gives undefined for nothing, null to delete it. */
    async function changed(
      id: string,
      change: (current: WebhookEntity) => Partial<WebhookEntity> | undefined | null,
    ): Promise<WebhookEntity | undefined> {
      const [firestore, ref] = await Promise.all([documents.firestore(), documents.ref(id)]);
      const { FieldValue } = await import('@google-cloud/firestore');
      return await documents.transaction(async (transaction) => {
        const current = read<WebhookEntity>(await transaction.get(ref));
        const patch = current && change(current);
        if (!current || patch === undefined) return undefined;
        const next = patch && { ...current, ...patch, updated_at: documents.now() };
        const { page, write } = await movePages(firestore, transaction, current, next ?? undefined);
        write();
        if (!patch || !next) return void transaction.delete(ref);
        transaction.update(ref, {
          ...storable({ ...patch, updated_at: next.updated_at }),
          page: page ?? FieldValue.delete(),
        } as Record<string, unknown>);
        return next;
      });
    }

    return {
      get: (id) => documents.get(id),
      async getOwned(id, userId) {
        const webhook = await documents.get(id);
        return webhook?.user_id === userId ? webhook : undefined;
      },
      list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
      async create(webhook) {
        const now = documents.now();
        const stored = { ...webhook, created_at: now, updated_at: now };
        const [firestore, ref] = await Promise.all([documents.firestore(), documents.ref(webhook.id)]);
        await documents.transaction(async (transaction) => {
          const { page, write } = await movePages(firestore, transaction, undefined, stored);
          write();
          transaction.create(ref, storable({ ...stored, ...(page === undefined ? {} : { page }) }));
        });
        return stored;
      },
      change: changed,
      async delete(id, check) {
        await changed(id, (current) => {
          check(current);
          return null;
        });
      },
      async subscribedTo(userId, type) {
        const active = await subscribersOf(await documents.firestore(), userId);
        return active.filter((webhook) => subscribes(webhook.events, type));
      },
      async setFailing({ id, failing_since: since }, failing) {
        if (failing === (since !== undefined)) return;
        const { FieldValue } = await import('@google-cloud/firestore');
        await documents.change(id, () => ({
          failing_since: failing ? documents.now() : (FieldValue.delete() as never),
        }));
      },
      async disable({ id, url }, reason) {
        await changed(id, (current) =>
          current.active && current.url === url ? { active: false, disabled_reason: reason } : undefined,
        );
      },
    };
  },
);
