import type { MessageInput } from '../../shared/define/trigger.ts';
import type { Events } from '../../shared/events/publish.ts';
import { readDeadLetterWords } from '../../shared/events/read-dead-letter.ts';
import { BOOTSTRAP_USER } from '../../shared/http/authenticate.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Services {
  readonly events: Events;
}

/** Longest text of an event: a reason may hold what a whole library had to say. */
const LONGEST = 500;

/**
 * Alerts: an error in the log, of which Error Reporting and the policies of monitoring tell, and an event for what keeps
 * count. The letter itself is kept beside that until somebody replays or drops it.
 */
export async function onDeadLetter(
  { id, attributes }: MessageInput,
  { events, log, clock }: Services & Base,
): Promise<void> {
  const { what, from, reason, userId = BOOTSTRAP_USER } = readDeadLetterWords(attributes);
  const words = { what: cut(what), from: cut(from), reason: cut(reason) };
  const told = `a dead letter: ${words.what} of ${words.from}: ${words.reason}`;
  log.error(told, new Error(told), {
    ...{ dead_letter: words, message_id: id, user_id: userId },
  });
  await events.publish([
    {
      ...{ type: 'dead_letter.received', key: [id], subject: `dead-letters/${id}`, time: new Date(clock.now()) },
      data: { user_id: userId, ...words },
    },
  ]);
}

const cut = (text: string): string => text.slice(0, LONGEST);
