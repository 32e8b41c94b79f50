import type { TriggerEntity } from '../../schemas/triggers.ts';
import type { SelectionServices } from '../../shared/domain/run-selection.ts';
import type { Triggers } from '../../shared/domain/triggers.ts';
import { camelize } from '../../shared/http/camelize.ts';

export interface Services extends SelectionServices {
  readonly triggers: Triggers;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** A trigger as it is shown. */
export const view = ({ token_hash: _hash, match, run, ...trigger }: TriggerEntity): object => ({
  ...(camelize(trigger) as object),
  ...(match ? { match } : {}),
  run,
});
