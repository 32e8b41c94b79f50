import { kindAtEnd, kindAtStart } from './hint-kinds.ts';
import { type Place, readPlace } from './hint-places.ts';

/** One way of reading a hint: words to look for, and where. */
export interface Reading {
  /** Empty when only a kind is named: "the checkbox in the Ada row". */
  readonly words: string;
  /** Roles that the element must have one of. */
  readonly roles?: readonly string[];
  /** Where the element must be, all of them. */
  readonly places: readonly Place[];
  /** Which one of several that fit equally, from 0; -1 is the last. */
  readonly ordinal?: number;
}

/** "Edit in the Ada row of the Users table" has two places; more are not said. */
const MOST_PLACES = 2;

/**
 * The ways to read a hint, the plainest first: as it stands, then without the words that name a kind ("… button"), a
 * place ("… in the header", "… of Ada Lovelace") or a position ("the second …").
 */
export function readHint(hint: string): Reading[] {
  const words = fold(hint);
  const readings = [...withPlaces(words, MOST_PLACES)].flatMap(({ rest, places }) => [...withKind(rest, places)]);
  const narrowed = readings.filter((reading) => reading.words !== words || reading.roles || reading.places.length > 0);
  return [{ words, places: [] }, ...narrowed];
}

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();

const preposition = / (in|inside|within|on|at|of|for|from|next to|beside|near|under|below|beneath)(?= )/gi;

/** Every way to take places off the end of the words, none of them included. */
function* withPlaces(words: string, most: number): Iterable<{ rest: string; places: Place[] }> {
  yield { rest: words, places: [] };
  if (most === 0) return;
  for (const match of words.matchAll(preposition)) {
    const phrase = words.slice(match.index + match[0].length + 1);
    for (const place of readPlace(phrase, (match[1] ?? '').toLowerCase()))
      for (const { rest, places } of withPlaces(words.slice(0, match.index), most - 1))
        yield { rest, places: [...places, place] };
  }
}

function* withKind(given: string, places: readonly Place[]): Iterable<Reading> {
  const { rest, ordinal } = takeOrdinal(unquoted(given.replace(/^the /i, '')));
  const more = { places, ...(ordinal === undefined ? {} : { ordinal }) };
  yield { words: unquoted(rest), ...more };
  const kind = kindAtEnd(rest) ?? kindAtStart(rest);
  if (kind?.roles.length) yield { words: unquoted(kind.words), roles: kind.roles, ...more };
  else if (kind?.words) yield { words: unquoted(kind.words), ...more };
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'];

function takeOrdinal(words: string): { rest: string; ordinal?: number } {
  const match = /^(?:(first|second|third|fourth|fifth)|(last)|(\d{1,3})(?:st|nd|rd|th)) (.+)$/i.exec(words);
  if (!match) return { rest: words };
  const [, name, last, digits, rest = ''] = match;
  const ordinal = last ? -1 : name ? ordinals.indexOf(name.toLowerCase()) : Number(digits) - 1;
  return ordinal < -1 ? { rest: words } : { rest, ordinal };
}

function unquoted(words: string): string {
  return /^(["'“‘«])(.+)["'”’»]$/.exec(words)?.[2] ?? words;
}
