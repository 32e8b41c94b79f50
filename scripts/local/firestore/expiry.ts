import type { Database } from './documents.ts';
import type { Engine } from './engine.ts';
import { getField, parseFieldPath } from './field-paths.ts';
import { collectionOf, toName } from './paths.ts';
import { type Query, readQuery } from './query.ts';
import { timestamp, toMicros } from './values.ts';

/** A TTL policy: documents of a collection group go away once the time in `field` has passed. */
export interface TimeToLive {
  readonly collection: string;
  readonly field: string;
}

const BATCH = 200;

/** Deletes documents whose time has passed, by the clock. The deletions are changes like any other. */
export class Expiry {
  readonly #engine: Engine;
  readonly #policies: readonly TimeToLive[];
  #stopTimer: (() => void) | undefined;
  #due = Number.POSITIVE_INFINITY;

  constructor(engine: Engine, policies: readonly TimeToLive[]) {
    this.#engine = engine;
    this.#policies = policies;
    engine.committer.observe(({ updates }) => {
      for (const { key, after } of updates) {
        if (after) for (const policy of policies) this.#note(policy, collectionOf(key), after.fields);
      }
    });
  }

  /** Deletes what is due and waits for what is due next. */
  start(): void {
    if (this.#policies.length > 0) this.#wake();
  }

  close(): void {
    this.#stopTimer?.();
  }

  #note(policy: TimeToLive, collection: string, fields: Parameters<typeof getField>[0]): void {
    if (policy.collection !== collection) return;
    const value = getField(fields, parseFieldPath(policy.field));
    if (value?.valueType === 'timestampValue') this.#wakeAt(toMicros(value.timestampValue) / 1000);
  }

  #wakeAt(time: number): void {
    if (time >= this.#due) return;
    this.#stopTimer?.();
    this.#due = time;
    this.#stopTimer = this.#engine.context.clock.at(time, () => this.#wake());
  }

  #wake(): void {
    this.#due = Number.POSITIVE_INFINITY;
    for (const policy of this.#policies) {
      for (const database of this.#engine.documents.databases()) this.#expire(database, policy);
    }
  }

  #expire(database: Database, policy: TimeToLive): void {
    const now = this.#engine.context.clock.now() * 1000;
    for (;;) {
      const { hits } = this.#engine.runner.run(database, firstToExpire(database, policy, BATCH, now));
      if (hits.length > 0) {
        const names = hits.map((hit) => toName(database.name, hit.document.key));
        this.#engine.committer.commit(
          database,
          names.map((name) => ({ operation: 'delete', delete: name })),
        );
      }
      if (hits.length < BATCH) break;
    }
    const [next] = this.#engine.runner.run(database, firstToExpire(database, policy, 1)).hits;
    const value = next && getField(next.document.fields, parseFieldPath(policy.field));
    if (value?.valueType === 'timestampValue') this.#wakeAt(toMicros(value.timestampValue) / 1000);
  }
}

/** Documents with a time in the field, the earliest first; up to `until` (microseconds) when it is given. */
function firstToExpire(database: Database, policy: TimeToLive, limit: number, until?: number): Query {
  const field = { fieldPath: policy.field };
  const [op, time] = until === undefined ? ['GREATER_THAN', 0] : ['LESS_THAN_OR_EQUAL', until];
  return readQuery(`${database.name}/documents`, {
    select: null,
    from: [{ collectionId: policy.collection, allDescendants: true }],
    where: { filterType: 'fieldFilter', fieldFilter: { field, op, value: timestamp(time) } },
    orderBy: [],
    startAt: null,
    endAt: null,
    offset: 0,
    limit: { value: limit },
  });
}
