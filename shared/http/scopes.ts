import type { UserEntity } from '../../schemas/entities.ts';

/** What a credential may be allowed to do, and what each is in words. */
export const scopes = {
  'tests:read': 'Read tests and their definitions.',
  'tests:write': 'Store and delete tests.',
  'runs:read': 'Read runs, their sessions and reports.',
  'runs:write': 'Start runs.',
  'sessions:read': 'Read live sessions.',
  'sessions:write': 'Open live sessions and send them commands.',
  'library:read': 'Read library checkpoints.',
  'library:write': 'Store and delete library checkpoints.',
  'environments:read': 'Read environments, without their secrets.',
  'environments:write': 'Store and delete environments.',
  'webhooks:read': 'Read webhooks and their deliveries.',
  'webhooks:write': 'Subscribe and unsubscribe endpoints.',
  'analytics:read': 'Read statistics.',
  'keys:write': 'Make and revoke API keys of your own.',
  'account:erase': 'Erase yourself and everything of yours.',
  'users:admin': 'Create, change and erase users.',
} as const;

export type Scope = keyof typeof scopes;

export const allScopes = Object.keys(scopes) as readonly Scope[];

export type Role = UserEntity['role'];

const reading = allScopes.filter((scope) => scope.endsWith(':read'));
const working = allScopes.filter((scope) => scope !== 'users:admin');

/** What a role may do at most; a key of its user may be allowed less, never more. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: reading,
  developer: working,
  /** Machines: they work, and can neither make themselves further keys nor erase themselves. */
  service: working.filter((scope) => scope !== 'keys:write' && scope !== 'account:erase'),
  admin: allScopes,
};
