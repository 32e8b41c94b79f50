import { decode } from './decode.ts';
import type { Located, Place } from './located.ts';
import type { Report } from './report.ts';
import { parseYaml } from './yaml-tree.ts';

/** So many files are read for one test file, itself not counted. */
const MOST_FILES = 100;

/** Another file that a test file names, or why it cannot be had: what is wrong, and how to mend it. */
export type Opened = { readonly source: Uint8Array | string } | { readonly problem: string; readonly hint: string };

/** Gives the file of a path, which is relative to the root that the test file's own name is relative to. */
export type Open = (path: string) => Opened;

/** What reading needs to take in other files. */
export interface Files {
  readonly open: Open;
  /** The names of the files that are being read, the outermost first. */
  readonly within: readonly string[];
  /** How many files were taken in. */
  readonly count: { taken: number };
}

/** The documents of a file that was taken in, and what its own references go by. */
export interface TakenIn {
  readonly name: string;
  readonly roots: readonly Located[];
  readonly files: Files;
}

/** Reads a file that another one names. Undefined when the report says why not. */
export function takeIn(path: string, at: Place, files: Files, report: Report): TakenIn | undefined {
  const opened = openNamed(path, at, files, report);
  const roots = opened && parseSource(opened.source, opened.name, at, report);
  return roots && { name: opened.name, roots, files: { ...files, within: [...files.within, opened.name] } };
}

/** The text of a file that another one names and that is no test. Undefined when the report says why not. */
export function takeInText(path: string, at: Place, files: Files, report: Report): string | undefined {
  const opened = openNamed(path, at, files, report);
  return opened && textOf(opened.source, opened.name, at, report);
}

function openNamed(
  path: string,
  at: Place,
  files: Files,
  report: Report,
): { name: string; source: Uint8Array | string } | undefined {
  const name = resolvePath(files.within.at(-1) ?? '', path);
  if (name === undefined) {
    const message = `'${path}' does not lead to a file in the same folder or below it`;
    report.error('outside-folder', message, at, 'Write a relative path without leaving the folder of the tests.');
    return undefined;
  }
  if (files.within.includes(name)) {
    const way = [...files.within.slice(files.within.indexOf(name)), name].join(' → ');
    report.error('reference-cycle', `'${path}' takes in itself: ${way}`, at, 'Remove one of the references.');
    return undefined;
  }
  if (++files.count.taken > MOST_FILES) {
    report.error('too-many-files', `more than ${MOST_FILES} files are taken in`, at, 'Split the suite.');
    return undefined;
  }
  const opened = files.open(name);
  if ('problem' in opened) {
    report.error('file-not-found', opened.problem, at, opened.hint);
    return undefined;
  }
  return { name, source: opened.source };
}

function textOf(source: Uint8Array | string, name: string, at: Place, report: Report): string | undefined {
  const decoded = decode(source, name);
  if ('text' in decoded) return decoded.text;
  const [first] = decoded.diagnostics;
  report.error(first?.code ?? 'binary-file', `'${name}' cannot be read: ${first?.message}`, at, first?.hint);
  return undefined;
}

function parseSource(source: Uint8Array | string, name: string, at: Place, report: Report): Located[] | undefined {
  const text = textOf(source, name, at, report);
  if (text === undefined) return undefined;
  const base = report.addSource(text, name);
  const shift = ({ start, end }: Place): Place => ({ start: start + base, end: end + base });
  const roots = parseYaml(text, {
    ...report,
    get errors() {
      return report.errors;
    },
    get failed() {
      return report.failed;
    },
    error: (code, message, place, hint) => report.error(code, message, shift(place), hint),
    warn: (code, message, place, hint) => report.warn(code, message, shift(place), hint),
  });
  if (roots && roots.length === 0)
    report.error('empty-file', 'the file holds nothing', { start: base, end: base }, 'Write a test.');
  const shifted = new Map<Located, Located>();
  return roots?.length ? roots.map((root) => shiftTree(root, base, shifted)) : undefined;
}

/** The same values at their places among all texts; what aliases share stays shared. */
function shiftTree(node: Located, base: number, done: Map<Located, Located>): Located {
  const before = done.get(node);
  if (before) return before;
  const place = { start: node.start + base, end: node.end + base };
  const shifted: Located =
    node.kind === 'scalar'
      ? { ...node, ...place }
      : node.kind === 'list'
        ? { ...node, ...place, items: node.items.map((item) => shiftTree(item, base, done)) }
        : {
            ...node,
            ...place,
            entries: node.entries.map(({ key, at, value }) => ({
              key,
              at: { start: at.start + base, end: at.end + base },
              value: shiftTree(value, base, done),
            })),
          };
  done.set(node, shifted);
  return shifted;
}

/** The name of a file without its folder and its extension. */
export const stemOf = (name: string): string => name.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '') || name;

/** The name that a path leads to from a file: below the same root, or undefined. */
function resolvePath(from: string, path: string): string | undefined {
  if (path.trim() === '' || /^[/\\]|^\w[\w+.-]*:|\0/.test(path)) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length > 0 ? parts.join('/') : undefined;
}
