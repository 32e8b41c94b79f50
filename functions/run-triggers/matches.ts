import type { TriggerEntity } from '../../schemas/triggers.ts';
import type { MessageInput } from '../../shared/define/trigger.ts';
import { matchesGlob } from '../../shared/domain/glob.ts';

/** Whether a message is like what the trigger is for: every pattern has to fit. */
export function matches({ attributes = {}, data = {} }: TriggerEntity['match'] & {}, message: MessageInput): boolean {
  const fits = ([name, pattern]: [string, string]) => fitsValue(pattern, message.attributes[name]);
  if (!Object.entries(attributes).every(fits)) return false;
  const wanted = Object.entries(data);
  if (wanted.length === 0) return true;
  const content = parsed(message.data);
  return wanted.every(([path, pattern]) => fitsValue(pattern, valueAt(content, path)));
}

/** Texts, numbers and truth values have a text; nothing else fits a pattern. */
function fitsValue(pattern: string, value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && matchesGlob(pattern, String(value));
}

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}

function valueAt(content: unknown, path: string): unknown {
  let value = content;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
