import { html, type Markup } from './markup.ts';

/** Shows two texts with what differs between their common beginning and end marked. */
export function markDifference(a: string, b: string): [Markup, Markup] {
  const left = [...a];
  const right = [...b];
  const shortest = Math.min(left.length, right.length);
  let start = 0;
  while (start < shortest && left[start] === right[start]) start++;
  let end = 0;
  while (end < shortest - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  // Texts that share next to nothing are easier to read without marks.
  if (start + end === 0 || start + end < shortest / 4)
    return [show(left, left.length, 0), show(right, right.length, 0)];
  return [show(left, start, end), show(right, start, end)];
}

function show(characters: string[], start: number, end: number): Markup {
  const stop = characters.length - end;
  const changed = characters.slice(start, stop).join('');
  if (characters.length === 0) return html`<i>(empty)</i>`;
  return html`${characters.slice(0, start).join('')}${changed && html`<mark>${changed}</mark>`}${characters.slice(Math.max(start, stop)).join('')}`;
}
