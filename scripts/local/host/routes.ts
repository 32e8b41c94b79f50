import { METHOD_NAME_ALL } from 'hono/router';
import { TrieRouter } from 'hono/router/trie-router';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type { HttpTrigger } from '../../../shared/define/trigger.ts';

/** Finds the function that a path of the public API belongs to, undefined when none declares it: the URL map. */
export type FindFunction = (path: string) => string | undefined;

/** Has what no function declares, as behind the load balancer (terraform/load-balancer.tf): each answers 404 to that. */
export const DEFAULT_FUNCTION = 'health';

/** The URL map of the functions' declared routes. Where several match, the most literal path wins. */
export function urlMap(functions: readonly AnyFunction[]): FindFunction {
  const declared = functions.flatMap(({ name, trigger }) =>
    trigger.kind === 'http'
      ? (trigger as HttpTrigger).routes.map(({ path }) => ({ path, name, rank: rank(path) }))
      : [],
  );
  // Not by localeCompare: its tables take longer to load than all the rest.
  declared.sort((a, b) => Number(a.rank > b.rank) - Number(a.rank < b.rank));
  const router = new TrieRouter<string>();
  for (const { path, name } of declared) router.add(METHOD_NAME_ALL, path, name);
  return (path) => router.match(METHOD_NAME_ALL, path)[0][0]?.[0];
}

/** Sorts literal segments before parameters before wildcards, segment by segment. */
function rank(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment.includes('*') ? '2' : segment.startsWith(':') ? '1' : '0'))
    .join('');
}
