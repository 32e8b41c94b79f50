import type { HookEntity } from '../../schemas/entities.ts';
import type { Environments } from '../../shared/domain/environments.ts';
import type { Hooks } from '../../shared/domain/hooks.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import type { Suites } from '../../shared/domain/suites.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import type { TokenBuckets } from '../../shared/domain/token-buckets.ts';
import type { Users } from '../../shared/domain/users.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { finder } from '../../shared/http/resources.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';

export interface Services {
  readonly hooks: Hooks;
  readonly runs: Runs;
  readonly tests: Tests;
  readonly suites: Suites;
  readonly environments: Environments;
  readonly users: Users;
  readonly buckets: TokenBuckets;
  readonly cipher: Cipher;
}

export const missing = (id: string): string => `There is no hook '${id}'.`;

/** The hook that a request names. @throws AppError not-found */
export const owned = finder(({ hooks }: Pick<Services, 'hooks'>, id, userId) => hooks.getOwned(id, userId), missing);

/** A hook as its owner sees it. */
export const view = ({ secret: _secret, ...hook }: HookEntity): object => camelize(hook) as object;
