import type { AnyFunction } from '../../shared/define/function.ts';
import type { HttpTrigger } from '../../shared/define/trigger.ts';

/** Path patterns of a function, as a URL map of the load balancer takes them: exact, or ending with `/*`. */
export type UrlMap = Readonly<Record<string, readonly string[]>>;

/**
 * The load balancer's URL map of the functions' routes: the longest pattern that matches a path wins, an exact one before
 * all others.
 * @throws Error when two functions would need the same pattern
 */
export function urlMapOf(functions: readonly AnyFunction[]): UrlMap {
  const owners = new Map<string, string>();
  for (const { name, trigger } of functions) {
    if (trigger.kind !== 'http') continue;
    for (const { path } of (trigger as HttpTrigger).routes) {
      const pattern = patternOf(path);
      const owner = owners.get(pattern);
      if (owner !== undefined && owner !== name)
        throw new Error(
          `${owner} and ${name} both have routes of ${pattern}: the load balancer cannot tell them apart`,
        );
      owners.set(pattern, name);
    }
  }
  const grouped = Map.groupBy(owners, ([, name]) => name);
  return Object.fromEntries(
    [...grouped]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, entries]) => [name, entries.map(([pattern]) => pattern).sort()]),
  );
}

/** `/v1/runs/:id/sessions` becomes `/v1/runs/*`: the load balancer knows no parameters. */
function patternOf(path: string): string {
  const segments = path.split('/');
  const parameter = segments.findIndex((segment) => /[:*]/.test(segment));
  return parameter < 0 ? path : `${segments.slice(0, parameter).join('/')}/*`;
}

/** The function that the URL map sends a path to. */
export function ownerOf(map: UrlMap, path: string): string | undefined {
  const matching = Object.entries(map).flatMap(([name, patterns]) =>
    patterns
      .filter((pattern) => pattern === path || (pattern.endsWith('/*') && path.startsWith(pattern.slice(0, -1))))
      .map((pattern) => ({ name, rank: pattern === path ? Number.POSITIVE_INFINITY : pattern.length })),
  );
  return matching.sort((a, b) => b.rank - a.rank)[0]?.name;
}
