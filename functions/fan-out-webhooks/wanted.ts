import type { TopicInput } from '../../shared/define/trigger.ts';
import type { Subscriber } from '../../shared/domain/subscribers.ts';
import type { VerdictChanges } from '../../shared/domain/verdict-changes.ts';
import { type Reads, tagsOf, verdictOf } from './about.ts';

/** What runs and sessions tell on their way: with `only_changes` all of it but another verdict is left out. */
const PROGRESS = /^(run|session|report)\./;
/** What has tags. */
const TAGGED = /^(run|session|report|test)\./;

/** Of the webhooks that are subscribed to an event's type, those whose filters let it through. */
export async function wanting(
  event: TopicInput,
  webhooks: readonly Subscriber[],
  services: Reads & { readonly verdicts: VerdictChanges },
): Promise<readonly Subscriber[]> {
  const tagged = await withTags(event, webhooks, services);
  if (!PROGRESS.test(event.type) || !webhooks.some(({ filters }) => filters.only_changes)) return tagged;
  // Asked also when the tags leave the event out: the verdict before is that of all events.
  const verdict = await verdictOf(event, services);
  const change = verdict !== undefined && (await services.verdicts.isChange(verdict));
  return change ? tagged : tagged.filter(({ filters }) => !filters.only_changes);
}

async function withTags(event: TopicInput, webhooks: readonly Subscriber[], services: Reads) {
  if (!TAGGED.test(event.type) || !webhooks.some(({ filters }) => filters.tags)) return webhooks;
  const tags = await tagsOf(event, services);
  return webhooks.filter(({ filters }) => !filters.tags || filters.tags.some((tag) => tags.has(tag)));
}
