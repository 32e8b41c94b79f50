const CONTROL = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu;
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;
let graphemes: Intl.Segmenter | undefined;

/** Text as one line that no terminal takes for an order: what pages and tests say may hold escape codes. */
export const oneLine = (text: string): string => text.replaceAll(CONTROL, ' ');

/** Columns that a line takes on a terminal: characters of East Asia and emoji take two (Unicode UAX #11). */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const { segment } of charactersOf(line)) columns += widthOf(segment);
  return columns;
}

/** A line of so many columns at most, with an ellipsis where something was left out. */
export function cut(line: string, room: number): string {
  if (columnsOf(line) <= room) return line;
  let kept = '';
  let columns = 1;
  for (const { segment } of charactersOf(line)) {
    columns += widthOf(segment);
    if (columns > room) break;
    kept += segment;
  }
  return room < 1 ? '' : `${kept}…`;
}

/** Made when it is needed: it takes longer than most that is loaded. */
function charactersOf(line: string): Iterable<Intl.SegmentData> {
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return graphemes.segment(line);
}

const widthOf = (grapheme: string): number => (WIDE.test(grapheme) || grapheme.includes('\uFE0F') ? 2 : 1);
