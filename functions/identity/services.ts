import type { ApiKeys } from '../../shared/domain/api-keys.ts';
import type { Erasures } from '../../shared/domain/erasures.ts';
import type { Usage } from '../../shared/domain/usage.ts';
import type { Users } from '../../shared/domain/users.ts';
import type { Events } from '../../shared/events/publish.ts';
import type { AccessTokens } from '../../shared/http/access-tokens.ts';

export interface Services {
  readonly keys: ApiKeys;
  readonly users: Users;
  readonly usage: Usage;
  readonly erasures: Erasures;
  readonly tokens: AccessTokens;
  readonly events: Events;
  /** Unpredictable bytes. */
  readonly randomBytes: (count: number) => Uint8Array;
}
