import type { Command } from '../define/command.ts';
import type { Place } from './located.ts';
import type { Fields } from './read-shape.ts';

/** Longest sentence that is read. */
const LONGEST = 2000;

/** A sentence's pattern, ready to be matched. */
export interface Reading {
  readonly command: string;
  /** As people write it: `write TEXT in TARGET`. */
  readonly example: string;
  /** The words it may begin with. */
  readonly verbs: readonly string[];
  readonly weight: number;
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly slots: readonly Slot[];
  /** The same pattern, once with the shortest first field, once with the longest: where they differ, it is ambiguous. */
  readonly shortest: RegExp;
  readonly longest: RegExp;
}

interface Slot {
  readonly field: string;
  readonly takes: string;
}

const slotPatterns: Readonly<Record<string, string>> = {
  ms: '\\d+\\s*(?:ms|milliseconds?|s|sec|seconds?|min|minutes?)?',
  quoted: '"[^"]*"|\'[^\']*\'',
  word: '\\S+',
  number: '-?\\d+(?:\\.\\d+)?',
  variable: '\\$?[A-Za-z_]\\w*|\\{\\{\\s*\\w+\\s*\\}\\}',
  url: '\\S*(?:/|\\.|\\{\\{)\\S*',
  key: '(?:(?:ctrl|control|shift|alt|meta|cmd)\\s*\\+\\s*)*(?:enter|return|esc|escape|tab|space|backspace|delete|del|insert|home|end|page-?up|page-?down|(?:arrow-?)?(?:up|down|left|right)|f\\d{1,2})|(?:(?:ctrl|control|shift|alt|meta|cmd)\\s*\\+\\s*)+\\S',
};

/** The sentences of all commands, those that say most first. */
export function compileSentences(commands: readonly Command[]): Reading[] {
  return commands
    .flatMap(({ name, aliases }) =>
      (aliases?.sentences ?? []).map((sentence) =>
        typeof sentence === 'string' ? compile(name, sentence, {}) : compile(name, sentence.says, sentence.fixed),
      ),
    )
    .sort((a, b) => b.weight - a.weight);
}

function compile(command: string, says: string, fixed: Reading['fixed']): Reading {
  const parts = says.match(/\[[^\]]+\]|\{[^}]+\}|\S+/g) ?? [];
  const slots = parts.filter((part) => part.startsWith('{')).map(slotOf);
  const pattern = (quantifier: string): RegExp =>
    new RegExp(`^${parts.map((part, at) => piece(part, at === 0, quantifier)).join('')}$`, 'is');
  return {
    command,
    example: parts
      .filter((part) => !part.startsWith('['))
      .map(shown)
      .join(' '),
    verbs: (parts[0] ?? '').toLowerCase().split('|'),
    weight: parts.reduce((sum, part) => sum + weightOf(part), 0),
    fixed,
    slots,
    shortest: pattern('+?'),
    longest: pattern('+'),
  };
}

function piece(part: string, first: boolean, quantifier: string): string {
  const space = first ? '' : '\\s+';
  if (part.startsWith('[')) return `(?:${space}(?:${part.slice(1, -1)}))?`;
  if (!part.startsWith('{')) return `${space}(?:${part})`;
  const { takes } = slotOf(part);
  const typed = slotPatterns[takes];
  if (takes === 'quoted') return `${space}(${typed})`;
  if (takes === 'word') return `${space}(${slotPatterns.quoted}|${typed})`;
  if (typed) return `${space}("(?:${typed})"|'(?:${typed})'|${typed})`;
  return `${space}("[^"]*"|'[^']*'|.${quantifier})`;
}

function slotOf(part: string): Slot {
  const [field = '', takes = 'text'] = part.slice(1, -1).split(':');
  return { field, takes };
}

const shown = (part: string): string =>
  part.startsWith('{') ? slotOf(part).field.toUpperCase() : (part.split('|')[0] ?? part);

function weightOf(part: string): number {
  if (part.startsWith('[')) return 0;
  if (!part.startsWith('{')) return 2;
  const { takes } = slotOf(part);
  // Quotes may stand around anything: the words beside them say more.
  if (takes === 'quoted') return 1;
  return takes === 'text' || takes === 'part' ? 0 : 3;
}

/** What a sentence was understood as. */
export type Understood =
  | { readonly command: string; readonly fields: Fields }
  | { readonly ambiguous: string; readonly example: string }
  | undefined;

/** Understands a sentence, or not. */
export function understand(sentence: string, at: Place, readings: readonly Reading[]): Understood {
  const given = sentence.trim().replace(/^([\w-]+)\s*:\s+/, '$1 ');
  if (given.length > LONGEST) return undefined;
  const found = firstFit(given, at, readings);
  const bare = given.replace(NARRATION, '');
  return found ?? (bare === given || bare === '' ? undefined : firstFit(bare, at, readings));
}

/** What stories say before the verb: `When I`, `the user should`. */
const NARRATION =
  /^(?:(?:given|when|then|and|but)\s+)?(?:(?:i|we|you|(?:the\s+)?users?)\s+)?(?:(?:can|should|must|will)\s+)?/i;

function firstFit(given: string, at: Place, readings: readonly Reading[]): Understood {
  const verb = /^\S+/.exec(given)?.[0].toLowerCase() ?? '';
  for (const reading of readings) {
    if (!reading.verbs.includes(verb)) continue;
    const short = reading.shortest.exec(given);
    if (!short) continue;
    const long = reading.longest.exec(given) ?? short;
    if (short.slice(1).some((text, slot) => text !== long[slot + 1]))
      return { ambiguous: short[1] ?? '', example: reading.example };
    const fields: Fields = new Map(Object.entries(reading.fixed).map(([field, value]) => [field, { value, at }]));
    reading.slots.forEach(({ field, takes }, slot) => {
      fields.set(field, { value: slotValue(unquote(short[slot + 1] ?? ''), takes), at });
    });
    return { command: reading.command, fields };
  }
  return undefined;
}

function slotValue(given: string, takes: string): unknown {
  if (takes === 'number') return Number(given);
  if (takes === 'variable') return given.replace(/^\$|[{}\s]/g, '');
  if (takes === 'key') return given.replaceAll(/\s+/g, '');
  if (takes === 'part') return given.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (takes !== 'ms') return given;
  const unit = /\d\s*(m(?!s|il)|s)?/i.exec(given)?.[1]?.toLowerCase();
  return Math.round(Number.parseFloat(given) * (unit === 'm' ? 60_000 : unit === 's' ? 1000 : 1));
}

function unquote(given: string): string {
  const quoted = /^(["'])([\s\S]*)\1$/.exec(given);
  return quoted && given.length > 1 && !quoted[2]?.includes(quoted[1] ?? '') ? (quoted[2] ?? '') : given;
}
