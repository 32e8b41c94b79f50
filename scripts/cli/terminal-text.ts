const control = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;
const nothing = /[\p{Mn}\p{Me}\p{Cf}]/u;
const wide =
  /[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;

/** One line of text that does not steer the terminal, whoever wrote it: control characters become spaces. */
export const printable = (text: string): string => text.replace(control, ' ');

/** At most so many columns of a terminal, with an ellipsis when something was cut off. */
export function cut(text: string, columns: number): string {
  let used = 0;
  let kept = '';
  let fitting = '';
  for (const character of text) {
    used += nothing.test(character) ? 0 : wide.test(character) ? 2 : 1;
    if (used > columns) return `${fitting}…`;
    kept += character;
    if (used < columns) fitting = kept;
  }
  return kept;
}
