import { commands } from '../commands/index.ts';
import type { Command } from '../define/command.ts';
import { compileSentences, type Reading } from './sentences.ts';
import type { Shape } from './shapes.ts';

/** The forms in which a step is a key with a value. */
export type KeyedForm = 'compact' | 'simplified';

/** One meaning of a key: the command, and how its fields are read from the value. */
export interface Claim {
  readonly command: string;
  readonly shape: Shape;
}

/** The keys of a form's steps, each with its meanings. */
export type Vocabulary = ReadonlyMap<string, readonly Claim[]>;

const vocabularies = new Map<KeyedForm, Vocabulary>();
let sentences: readonly Reading[] | undefined;

/** What the commands' aliases say about a form, gathered when it is first asked for. */
export function vocabularyOf(form: KeyedForm): Vocabulary {
  const known = vocabularies.get(form) ?? gather(form, commands);
  vocabularies.set(form, known);
  return known;
}

/** The sentences that all forms understand. */
export function allSentences(): readonly Reading[] {
  sentences ??= compileSentences(commands);
  return sentences;
}

function gather(form: KeyedForm, from: readonly Command[]): Vocabulary {
  const claims = new Map<string, Claim[]>();
  for (const { name, aliases } of from) {
    for (const [key, shapes] of Object.entries(aliases?.[form] ?? {})) {
      const list = claims.get(key) ?? [];
      for (const shape of [shapes].flat() as Shape[]) list.push({ command: name, shape });
      claims.set(key, list);
    }
  }
  return claims;
}

/** The key by which a form writes a command, when it has one. */
export function keyOf(command: string, form: KeyedForm): string | undefined {
  for (const [key, claims] of vocabularyOf(form)) if (claims.some((claim) => claim.command === command)) return key;
  return undefined;
}
