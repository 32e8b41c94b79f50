import { timingSafeEqual } from 'node:crypto';
import type { TriggerEntity } from '../../schemas/triggers.ts';
import type { MessageInput } from '../../shared/define/trigger.ts';
import { hashOfKey } from '../../shared/domain/api-keys.ts';
import { type StartingServices, startTriggered } from '../../shared/domain/triggered-run.ts';
import type { Triggers } from '../../shared/domain/triggers.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { matches } from './matches.ts';

export interface Services extends StartingServices {
  readonly triggers: Pick<Triggers, 'get'>;
}

/**
 * Starts the run of the trigger that a message names. Who may publish is Google's to say (roles/pubsub.publisher on the
 * topic); that is not enough to start anybody's runs: a message has to carry the trigger's own token, which only its
 * owner was told. Whatever else a message says, the run is the owner's, and of what the owner has named.
 */
export async function runTriggers(message: MessageInput, services: Services & Base): Promise<void> {
  const { trigger: id, token } = message.attributes;
  if (!id || !token) return services.log.warning("a message lacks the attribute 'trigger' or 'token'");
  const trigger = await services.triggers.get(id);
  // Who guesses is not told which of it was wrong; delivering it again would not help.
  if (!trigger || !isFor(trigger, token)) return services.log.warning('a message has no token of an active trigger');
  if (!matches(trigger.match ?? {}, message)) return services.log.info('a message is not what the trigger is for');
  await startTriggered(trigger, `message ${keyOf(message)}`, services);
}

function isFor({ active, token_hash = '' }: TriggerEntity, token: string): boolean {
  const [given, kept] = [Buffer.from(hashOfKey(token)), Buffer.from(token_hash)];
  return active && given.length === kept.length && timingSafeEqual(given, kept);
}

/** A publisher that is not sure whether it has published gives the event its own id (CloudEvents' binding for Pub/Sub). */
const keyOf = ({ id, attributes }: MessageInput): string =>
  attributes['ce-id'] === undefined ? `id ${id}` : `event ${attributes['ce-source'] ?? ''} ${attributes['ce-id']}`;
