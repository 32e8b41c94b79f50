import { RpcError } from '../plumbing/grpc.ts';
import type { DocumentUpdate } from './commit.ts';
import type { Database, DocumentVersion } from './documents.ts';
import type { Engine } from './engine.ts';
import { invalid } from './errors.ts';
import type { FieldPath } from './field-paths.ts';
import { documentKey } from './paths.ts';
import { type Query, type QueryMessage, readQuery } from './query.ts';
import { placeIn } from './run-query.ts';
import { type ProtoTimestamp, toMicros } from './values.ts';

/** `google.firestore.v1.Target` as decoded. */
export interface TargetMessage {
  targetType?: 'query' | 'documents';
  query?: { parent: string; structuredQuery?: QueryMessage | null } | null;
  documents?: { documents: string[] } | null;
  resumeType?: 'resumeToken' | 'readTime';
  resumeToken?: Uint8Array;
  readTime?: ProtoTimestamp | null;
  targetId: number;
  once: boolean;
}

/** How what a target sees has changed. */
export interface Delta {
  readonly changed: readonly DocumentVersion[];
  /** Keys of documents that are gone. */
  readonly deleted: readonly string[];
  /** Keys of documents that exist but are not in the target any more. */
  readonly removed: readonly string[];
}

type Seen = Map<string, DocumentVersion>;

/** One target of a Listen stream: a query or some documents, and which documents the client has of it. */
export class ListenTarget {
  readonly id: number;
  readonly database: Database;
  readonly #engine: Engine;
  readonly #query: Query | undefined;
  readonly #keys: readonly string[];
  /** The time (microseconds) of what the client has; undefined when it has nothing. */
  readonly #since: number | undefined;
  /** Update times of the documents that the client has, by key. */
  #seen = new Map<string, number>();

  /** Throws INVALID_ARGUMENT, FAILED_PRECONDITION without an index. */
  constructor(engine: Engine, database: Database, message: TargetMessage) {
    this.id = message.targetId;
    this.database = database;
    this.#engine = engine;
    this.#since = resumeTime(message);
    if (message.targetType === 'documents') {
      this.#keys = (message.documents?.documents ?? []).map((name) => documentKey(name, database.name));
      return;
    }
    if (!message.query?.structuredQuery) throw invalid('A target must have a query or documents.');
    this.#keys = [];
    this.#query = readQuery(message.query.parent, message.query.structuredQuery);
    engine.checkIndex(this.#query);
  }

  /** How many documents the client has when it has received everything. */
  get count(): number {
    return this.#seen.size;
  }

  get select(): readonly FieldPath[] | undefined {
    return this.#query?.select;
  }

  /**
   * What a client must be told that has nothing, or has what was there at its resume token or time. `reset`: that is
   * not kept any more, and all is told anew.
   */
  open(): { delta: Delta; reset: boolean; resumed: boolean } {
    const since = this.#since;
    if (since === undefined) return { delta: this.#moveTo(this.#look(), true), reset: false, resumed: false };
    try {
      this.#engine.documents.checkReadTime(since);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return { delta: this.#moveTo(this.#look(), true), reset: true, resumed: false };
    }
    this.#seen = new Map([...this.#look(since)].map(([key, document]) => [key, document.updated]));
    return { delta: this.#moveTo(this.#look()), reset: false, resumed: true };
  }

  /** The change that a commit makes to the target, or undefined when it makes none. */
  follow(updates: readonly DocumentUpdate[]): Delta | undefined {
    const query = this.#query;
    if (!query) return this.#followKeys(updates);
    const concerned = updates.filter(
      ({ key, before, after }) =>
        this.#seen.has(key) || (before && placeIn(query, before)) || (after && placeIn(query, after)),
    );
    if (concerned.length === 0) return undefined;
    if (query.limit !== undefined || query.offset > 0) return orNothing(this.#moveTo(this.#look()));
    const now: Seen = new Map();
    for (const { key, after } of concerned) if (after && placeIn(query, after)) now.set(key, after);
    return orNothing(
      this.#apply(
        now,
        concerned.map((update) => update.key),
      ),
    );
  }

  #followKeys(updates: readonly DocumentUpdate[]): Delta | undefined {
    const concerned = updates.filter((update) => this.#keys.includes(update.key));
    if (concerned.length === 0) return undefined;
    const now: Seen = new Map();
    for (const { key, after } of concerned) if (after) now.set(key, after);
    return orNothing(
      this.#apply(
        now,
        concerned.map((update) => update.key),
      ),
    );
  }

  /** What the target sees now, or saw at a time. */
  #look(at?: number): Seen {
    const documents: DocumentVersion[] = [];
    if (this.#query) {
      for (const hit of this.#engine.runner.run(this.database, this.#query, at).hits) documents.push(hit.document);
    }
    for (const key of this.#keys) {
      const document = this.#engine.documents.get(this.database, key, at);
      if (document) documents.push(document);
    }
    return new Map(documents.map((document) => [document.key, document]));
  }

  /** `initial`: documents asked for by name that do not exist are reported as deleted. */
  #moveTo(now: Seen, initial = false): Delta {
    const delta = this.#apply(now, new Set([...this.#seen.keys(), ...now.keys()]));
    const missing = initial ? this.#keys.filter((key) => !now.has(key)) : [];
    return { ...delta, deleted: [...delta.deleted, ...missing] };
  }

  /** Compares what is seen now with what was, for some keys, and remembers it. */
  #apply(now: Seen, keys: Iterable<string>): Delta {
    const changed: DocumentVersion[] = [];
    const deleted: string[] = [];
    const removed: string[] = [];
    for (const key of keys) {
      const document = now.get(key);
      if (document) {
        if (this.#seen.get(key) === document.updated) continue;
        this.#seen.set(key, document.updated);
        changed.push(document);
      } else if (this.#seen.delete(key)) {
        (this.#engine.documents.rowId(this.database, key) === undefined ? deleted : removed).push(key);
      }
    }
    return { changed, deleted, removed };
  }
}

function orNothing(delta: Delta): Delta | undefined {
  return delta.changed.length + delta.deleted.length + delta.removed.length > 0 ? delta : undefined;
}

function resumeTime(message: TargetMessage): number | undefined {
  if (message.resumeType === 'readTime' && message.readTime) return toMicros(message.readTime);
  const token = message.resumeToken;
  if (message.resumeType !== 'resumeToken' || !token || token.length === 0) return undefined;
  if (token.length !== 8) throw invalid('The resume token is not one of this database.');
  return Number(Buffer.from(token).readBigUInt64BE());
}
