import type { Platform } from '../platform/platform.ts';
import { deadLetters } from '../resources/topics.ts';

const LONGEST_REASON = 1000;

/** Keeps a message that nobody can handle, byte for byte, with the reason among its attributes. */
export async function deadLetter(
  { clients }: Pick<Platform, 'clients'>,
  message: { readonly data: Buffer; readonly attributes: Readonly<Record<string, string>> },
  reason: string,
): Promise<void> {
  const topic = (await clients.pubsub()).topic(deadLetters.name);
  await topic.publishMessage({
    data: message.data,
    attributes: { ...message.attributes, dead_letter_reason: reason.slice(0, LONGEST_REASON) },
  });
}
