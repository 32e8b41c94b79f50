import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { type Entry, hintForDash, isNothing, type Located, type Place, type Scalar } from './located.ts';
import type { Report } from './report.ts';
import { parseDocuments } from './yaml-document.ts';
import { quote, unquotedBraces } from './yaml-problems.ts';

/** So many values may come from aliases, counted as if they were written out. */
const MOST_ALIASED = 100_000;

/**
 * Parses YAML 1.2 (and so JSON) into values that know their places, one a document; documents that hold nothing are
 * left out. Undefined when the report says why not.
 */
export function parseYaml(text: string, report: Report): Located[] | undefined {
  const before = report.errors;
  const documents = parseDocuments(text, report);
  if (report.errors > before || !documents) return undefined;
  const roots = documents.flatMap(({ contents }) =>
    contents ? [createReader(text, report)(contents, { start: 0, end: 0 })] : [],
  );
  return report.errors > before ? undefined : roots.filter((root) => !isNothing(root));
}

interface Anchored {
  readonly node: Located;
  readonly size: number;
}

/** Turns parsed nodes into located values: aliases and merge keys resolved, duplicate keys and comment traps told. */
function createReader(text: string, report: Report): (node: unknown, at: Place) => Located {
  const anchors = new Map<string, Anchored | 'open'>();
  let size = 0;
  let aliased = 0;

  const read = (node: unknown, at: Place): Located => {
    size++;
    const place = placeOf(node, at);
    if (isAlias(node)) return fromAlias(node.source, place);
    const anchor = (node as Partial<Node & { anchor: string }> | null)?.anchor;
    const before = size;
    if (anchor) anchors.set(anchor, 'open');
    const located = value(node, place);
    if (anchor) anchors.set(anchor, { node: located, size: size - before + 1 });
    return located;
  };

  const fromAlias = (name: string, at: Place): Located => {
    const anchored = anchors.get(name);
    if (anchored === undefined || anchored === 'open') {
      const message = anchored ? `'*${name}' stands inside what it names` : `no '&${name}' stands before '*${name}'`;
      report.error(
        'unknown-alias',
        message,
        at,
        `A value that starts with * is an alias; quote it if it is text: '*${name}'`,
      );
      return nothing(at);
    }
    size += anchored.size;
    aliased += anchored.size;
    if (aliased <= MOST_ALIASED) return anchored.node;
    if (aliased - anchored.size <= MOST_ALIASED)
      report.error(
        'alias-expansion',
        `the aliases stand for more than ${MOST_ALIASED} values`,
        at,
        'Write fewer nested aliases.',
      );
    return nothing(at);
  };

  const value = (node: unknown, at: Place): Located => {
    if (isMap(node)) return { kind: 'mapping', entries: readEntries(node), ...at };
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => read(item, at)), ...at };
    if (!isScalar(node) || node.value === null || node.value === undefined) {
      hashAfter(at);
      return nothing(at);
    }
    return scalar(node.value, node.source ?? String(node.value), at, node.type === 'PLAIN');
  };

  const scalar = (value: unknown, written: string, at: Place, isPlain: boolean): Scalar => {
    const comment = isPlain ? /^[ \t]+(#[^\s#][^\r\n]*)/.exec(text.slice(at.end, at.end + 200)) : null;
    if (comment?.[1]) {
      const start = at.end + comment[0].length - comment[1].length;
      const whole = text.slice(at.start, at.end + comment[0].length).trimEnd();
      const hint = `If it belongs to the value, quote it: ${quote(whole)}; if not, put a space after the #.`;
      report.warn(
        'unquoted-hash',
        `'${comment[1].trimEnd()}' is read as a comment`,
        { start, end: start + comment[1].length },
        hint,
      );
    }
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { kind: 'scalar', value: known ? value : written, written, ...at };
  };

  const hashAfter = (at: Place): void => {
    const found = /^[ \t]*[:-]?[ \t]*(#[^\s#!][^\r\n]*)/.exec(text.slice(at.start, at.start + 300));
    if (!found?.[1]) return;
    const start = at.start + found[0].length - found[1].length;
    const selector = found[1].trimEnd();
    report.error(
      'unquoted-hash',
      `there is no value: '${selector}' is read as a comment`,
      { start, end: start + selector.length },
      `Quote it: ${quote(selector)}`,
    );
  };

  const readEntries = (map: YAMLMap): Entry[] => {
    const entries: Entry[] = [];
    const merged: Entry[] = [];
    for (const pair of map.items) {
      const key = readKey(pair);
      if (!key) continue;
      const value = read(pair.value, { start: key.at.end, end: key.at.end });
      if (key.name === '<<' && key.plain) for (const entry of mergeable(value, key.at)) merged.push(entry);
      else entries.push({ key: key.name, at: key.at, value });
    }
    reportDuplicates(entries, report);
    const names = new Set(entries.map((entry) => entry.key));
    for (const entry of merged) {
      if (names.has(entry.key)) continue;
      names.add(entry.key);
      entries.push(entry);
    }
    return entries;
  };

  const readKey = (pair: Pair): { name: string; at: Place; plain: boolean } | undefined => {
    const at = placeOf(pair.key, { start: 0, end: 0 });
    // An XPath begins so, too, but stands on one line.
    const [comment] = /^\/[/*].*(?=[\r\n])/.exec(text.slice(at.start, at.end)) ?? [];
    if (comment) {
      const end = at.start + comment.length;
      report.error(
        'json-comment',
        'there are no such comments in JSON',
        { start: at.start, end },
        'Remove it, or begin it with #.',
      );
      return undefined;
    }
    if (isScalar(pair.key) && pair.key.value !== null)
      return { name: pair.key.source ?? String(pair.key.value), at, plain: pair.key.type === 'PLAIN' };
    if (text[at.start] === '{') {
      const whole = { start: Math.max(0, at.start - 1), end: at.end + (text[at.end] === '}' ? 1 : 0) };
      const problem = unquotedBraces(text.slice(whole.start, whole.end), whole);
      report.error(problem.code, problem.message, problem.at, problem.hint);
    } else if (isScalar(pair.key)) {
      hashAfter(at);
      if (!report.failed) report.error('missing-key', 'a key is missing before the colon', at, 'Write `key: value`.');
    } else report.error('invalid-key', 'a key has to be text', at, 'Write `key: value`.');
    return undefined;
  };

  const mergeable = (value: Located, at: Place): readonly Entry[] => {
    if (value.kind === 'mapping') return value.entries;
    if (value.kind === 'list') return value.items.flatMap((item) => mergeable(item, at));
    report.error('invalid-merge', "'<<' takes a mapping or a list of mappings", at, 'Write `<<: *name`.');
    return [];
  };

  return read;
}

function reportDuplicates(entries: readonly Entry[], report: Report): void {
  const seen = new Set<string>();
  for (const { key, at } of entries) {
    if (seen.has(key))
      report.error(
        'duplicate-key',
        `'${key}' stands twice in the same mapping`,
        at,
        hintForDash(key) ?? 'Keep one of them.',
      );
    seen.add(key);
  }
}

function placeOf(node: unknown, otherwise: Place): Place {
  const range = (node as Partial<Node> | null)?.range;
  return range ? { start: range[0], end: range[1] } : otherwise;
}

function nothing({ start, end }: Place): Scalar {
  return { kind: 'scalar', value: null, written: '', start, end };
}
