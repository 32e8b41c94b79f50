/** A message or task that nobody could handle, in words. */
export interface DeadLetterWords {
  /** Type of the event, or the task's name. */
  readonly what: string;
  /** The subscription or queue that gave it up. */
  readonly from: string;
  readonly reason: string;
  /** Whose it was, where that is known. */
  readonly userId: string | undefined;
}

const SOURCE = 'CloudPubSubDeadLetterSourceSubscription';

/** Reads what a dead letter was from its attributes: those that it had, what Pub/Sub adds to it and what we do. */
export function readDeadLetterWords(attributes: Readonly<Record<string, string>>): DeadLetterWords {
  const { queue, task, dead_letter_reason: reason, user_id: userId } = attributes;
  const attempts = attributes.CloudPubSubDeadLetterSourceDeliveryCount;
  const isTask = queue !== undefined && task !== undefined;
  return {
    what: isTask ? `task ${task}` : (attributes.type ?? attributes['ce-type'] ?? 'unknown'),
    from: isTask ? queue : (attributes[SOURCE] ?? 'a function'),
    reason: reason ?? `not taken in ${attempts ?? 'several'} attempts`,
    userId: userId === '' ? undefined : userId,
  };
}
