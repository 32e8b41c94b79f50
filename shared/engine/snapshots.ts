import type { Candidate, Snapshot } from '../../schemas/live.ts';

/** Longest snapshot in bytes, where nobody says otherwise. */
export const SNAPSHOT_BYTES = 16_384;
/** Larger pages are not compared line by line: it would take longer than to read them anew. */
const MOST_COMPARISONS = 4_000_000;
/** Candidates that are named, and the longest name of one. */
const MOST_CANDIDATES = 100;
const LONGEST_NAME = 200;

/**
 * An accessibility tree as it is told: whole, or as what came (`+`) and went (`-`) since the last one, each below the
 * elements that it lies in; the shorter of the two. What is longer than `maxBytes` is cut between two elements.
 */
export function snapshotOf(tree: string, last: string | undefined, maxBytes: number): Snapshot {
  if (last === tree && tree !== '') return { kind: 'same', text: '' };
  const difference = last === undefined ? undefined : differenceOf(last.split('\n'), tree.split('\n'));
  const shorter = difference !== undefined && Buffer.byteLength(difference) < Buffer.byteLength(tree);
  const text = shorter ? difference : tree;
  return { kind: shorter ? 'diff' : 'full', ...cutAtElement(text, maxBytes) };
}

/** What can be acted upon in a tree. */
export const candidatesOf = (tree: string): Candidate[] =>
  actable(tree)
    .slice(0, MOST_CANDIDATES)
    .map(({ role, name, target }) => ({ role, name, target }));

/** An element that can be acted upon, as a tree tells of it. */
export interface Element extends Candidate {
  /** What stands in it; empty for none. */
  readonly value: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  /** What can be chosen in it, in order. */
  readonly options: readonly { readonly name: string; readonly selected: boolean }[];
}

/** The elements of a tree that can be acted upon, each once, by a target that tells it from the others. */
export function actable(tree: string): Element[] {
  const lines = tree.split('\n');
  const found = lines.flatMap((line, at) => {
    const read = readLine(line);
    return read && read.name.length <= LONGEST_NAME ? [{ ...read, options: optionsBelow(lines, at) }] : [];
  });
  const unique = new Map(found.map((one) => [`${one.role} ${one.name}`, one]));
  const times = (name: string): number => [...unique.values()].filter((one) => one.name === name).length;
  return [...unique.values()].map(({ ...one }) => ({
    ...one,
    target: times(one.name) > 1 ? `${one.name} ${one.role}` : one.name,
  }));
}

const INTERACTIVE =
  /^\s*- '?(button|checkbox|combobox|link|listbox|menuitem|menuitemcheckbox|menuitemradio|option|radio|searchbox|slider|spinbutton|switch|tab|textbox|treeitem) ("(?:[^"\\]|\\.)+")((?: \[[^\]]*\])*)'?(?:: (.*))?/;

function readLine(line: string): Omit<Element, 'target' | 'options'> | undefined {
  const [, role, quoted, marks = '', value = ''] = INTERACTIVE.exec(line) ?? [];
  if (!role || !quoted) return undefined;
  const name = JSON.parse(quoted) as string;
  return { role, name, value, checked: marks.includes('[checked'), disabled: marks.includes('[disabled') };
}

function optionsBelow(lines: readonly string[], at: number): Element['options'] {
  const own = indentOf(lines[at] as string);
  const end = lines.findIndex((line, i) => i > at && indentOf(line) <= own);
  return lines.slice(at + 1, end === -1 ? undefined : end).flatMap((line) => {
    const [, quoted, marks = ''] = /^\s*- '?option ("(?:[^"\\]|\\.)*")(.*)/.exec(line) ?? [];
    return quoted ? [{ name: JSON.parse(quoted) as string, selected: marks.includes('[selected]') }] : [];
  });
}

function cutAtElement(text: string, maxBytes: number): Pick<Snapshot, 'text' | 'note'> {
  if (Buffer.byteLength(text) <= maxBytes) return { text };
  const lines = text.split('\n');
  let bytes = 0;
  let kept = 0;
  for (; kept < lines.length; kept++) {
    bytes += Buffer.byteLength(lines[kept] as string) + 1;
    if (bytes - 1 > maxBytes) break;
  }
  const left = lines.length - kept;
  return {
    text: lines.slice(0, kept).join('\n'),
    note: `${left} of ${lines.length} lines were left out: ask with a larger snapshotMaxBytes.`,
  };
}

/** Undefined when the two are too large to be compared. */
function differenceOf(before: readonly string[], after: readonly string[]): string | undefined {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  const [old, young] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (old.length * young.length > MOST_COMPARISONS) return undefined;
  return changes(old, young, after, start).join('\n');
}

/** The lines of a shortest edit of `old` into `young`, which begins at `start` of `after`. */
function changes(old: readonly string[], young: readonly string[], after: readonly string[], start: number): string[] {
  const lengths = commonLengths(old, young);
  const told: string[] = [];
  const shown = new Set<number>();
  const tell = (sign: '+' | '-', line: string, at: number): void => {
    for (const above of around(after, at, indentOf(line))) {
      if (!shown.has(above)) told.push(`  ${after[above]}`);
      shown.add(above);
    }
    if (sign === '+') shown.add(at);
    told.push(`${sign} ${line}`);
  };
  const width = young.length + 1;
  const common = (i: number, j: number): number => lengths[i * width + j] as number;
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      i++;
      j++;
    } else if (i < old.length && (j === young.length || common(i + 1, j) >= common(i, j + 1))) {
      tell('-', old[i++] as string, start + j);
    } else {
      tell('+', young[j] as string, start + j);
      j++;
    }
  }
  return told;
}

/** Of all ends of two lists, the length of their longest common subsequence. */
function commonLengths(old: readonly string[], young: readonly string[]): Uint32Array {
  const width = young.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        old[i] === young[j]
          ? (lengths[(i + 1) * width + j + 1] as number) + 1
          : Math.max(lengths[(i + 1) * width + j] as number, lengths[i * width + j + 1] as number);
    }
  }
  return lengths;
}

/** Where the elements stand that a line of this indentation lies in, the outermost first. */
function around(lines: readonly string[], at: number, indent: number): number[] {
  const found: number[] = [];
  for (let [line, least] = [at - 1, indent]; line >= 0 && least > 0; line--) {
    const own = indentOf(lines[line] as string);
    if (own >= least) continue;
    found.unshift(line);
    least = own;
  }
  return found;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
