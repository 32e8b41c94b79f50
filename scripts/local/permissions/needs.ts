import type { Use } from '../../../shared/define/service.ts';

/** What a request does to a resource that is declared: `write collection runs`. */
export interface Need {
  readonly access: Use['access'];
  readonly kind: Use['resource']['kind'] | 'versions-of-secret';
  readonly name: string;
}

/**
 * The needs of a request. `refused` of one that no declared use allows, such as making topics; `query` of one that any use
 * of the warehouse allows that reads.
 */
export type Needs = readonly Need[] | 'refused' | 'query';

export const reading = (kind: Need['kind'], name: string): Need => ({ access: 'read', kind, name });
export const writing = (kind: Need['kind'], name: string): Need => ({ access: 'write', kind, name });

/** The last part of a resource's name: `t` of `projects/p/topics/t`. */
export const lastOf = (name: unknown): string =>
  String(name ?? '')
    .split('/')
    .at(-1) ?? '';

/** The part behind another one: `t` of `projects/p/tables/t/rows` behind `tables`. */
export function partOf(name: unknown, behind: string): string {
  const parts = String(name ?? '').split('/');
  return parts[parts.indexOf(behind) + 1] ?? '';
}
