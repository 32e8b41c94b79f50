import { StepError } from '../engine/step-error.ts';

type Segment = string | number | typeof everything;
const everything = Symbol('*');

/** What the pattern takes, one segment after the other; each alternative is a segment of RFC 9535. */
const segments =
  /\.(?<name>[\p{L}_][\p{L}\d_]*)|\.(?<all>\*)|\[(?:(?<index>-?\d+)|(?<every>\*)|'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)")\]/uy;

/**
 * Finds what a JSONPath (RFC 9535) names. Names, indexes (from the end when negative) and wildcards are read; the rest
 * is refused by name. A path with a wildcard gives the list of all that it names.
 * @throws StepError invalid-value: for a path that is not read, and for one that names nothing.
 */
export function jsonPath(path: string, root: unknown): unknown {
  const parsed = parse(path);
  let found: unknown[] = [root];
  for (const segment of parsed) found = found.flatMap((value) => children(value, segment));
  if (parsed.includes(everything)) return found;
  if (found.length > 0) return found[0];
  throw new StepError('invalid-value', `${path} names nothing in the answer`, { hint: whatThereIs(parsed, root) });
}

function parse(path: string): Segment[] {
  const given = path.trim();
  if (!given.startsWith('$')) throw refusal(path, 'it must begin with $');
  const parsed: Segment[] = [];
  segments.lastIndex = 1;
  while (segments.lastIndex < given.length) {
    const at = segments.lastIndex;
    const groups = segments.exec(given)?.groups;
    if (!groups) throw refusal(path, whyNot(given.slice(at)));
    parsed.push(segmentOf(groups));
  }
  return parsed;
}

function segmentOf({ name, all, index, every, single, double }: Record<string, string | undefined>): Segment {
  if (name !== undefined) return name;
  if (index !== undefined) return Number(index);
  if (all ?? every) return everything;
  if (single !== undefined) return unescaped(single.replaceAll("\\'", "'").replaceAll('"', '\\"'));
  return unescaped(double ?? '');
}

const unescaped = (inside: string): string => JSON.parse(`"${inside}"`) as string;

function whyNot(rest: string): string {
  if (rest.startsWith('..')) return "descendants ('..') are not read";
  if (/^\[\s*\?/.test(rest)) return "filters ('[?…]') are not read";
  if (/^\[\s*-?\d*\s*:/.test(rest)) return "slices ('[a:b]') are not read";
  if (/^\[[^\]]*,/.test(rest)) return "several at once ('[a,b]') are not read";
  return `'${rest}' is not read`;
}

const refusal = (path: string, why: string): StepError =>
  new StepError('invalid-value', `'${path}' is no path that is read here: ${why}`, {
    hint: "Names, indexes and wildcards are: $.items[0].name, $['first name'], $.items[*].id.",
  });

function children(value: unknown, segment: Segment): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (segment === everything) return Object.values(value);
  if (Array.isArray(value)) {
    if (typeof segment !== 'number') return [];
    const at = segment < 0 ? value.length + segment : segment;
    return at >= 0 && at < value.length ? [value[at]] : [];
  }
  return typeof segment === 'string' && Object.hasOwn(value, segment)
    ? [(value as Record<string, unknown>)[segment]]
    : [];
}

/** What stands at the last place that the path reaches. */
function whatThereIs(path: readonly Segment[], root: unknown): string {
  let at: unknown = root;
  for (const segment of path) {
    const [next] = children(at, segment);
    if (next === undefined) break;
    at = next;
  }
  if (Array.isArray(at)) return `There is a list of ${at.length}.`;
  if (typeof at !== 'object' || at === null) return `There is ${at === null ? 'null' : `a ${typeof at}`}.`;
  const names = Object.keys(at).slice(0, 20);
  return names.length > 0 ? `There are: ${names.join(', ')}.` : 'There is an empty object.';
}
