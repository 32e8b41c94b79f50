import type { ServiceContext } from '../plumbing/service.ts';
import type { Database, Documents, DocumentVersion } from './documents.ts';
import { invalid } from './errors.ts';
import { documentChange } from './events.ts';
import { documentKey } from './paths.ts';
import type { Shapes } from './shapes.ts';
import { applyWrite, nameOf, type Write, type WriteResult } from './writes.ts';

/** What a commit did to one document. */
export interface DocumentUpdate {
  readonly key: string;
  readonly before: DocumentVersion | undefined;
  readonly after: DocumentVersion | undefined;
}

/** A commit that is durable: what listeners and running transactions are told. */
export interface Committed {
  readonly database: Database;
  readonly time: number;
  readonly updates: readonly DocumentUpdate[];
}

const MOST_TRANSFORMS = 500;

interface Touched {
  readonly before: DocumentVersion | undefined;
  after: DocumentVersion | undefined;
  transforms: number;
}

/** Applies writes: all of them or none. */
export class Committer {
  readonly #context: ServiceContext;
  readonly #documents: Documents;
  readonly #shapes: Shapes;
  readonly #observers: ((committed: Committed) => void)[] = [];

  constructor(context: ServiceContext, documents: Documents, shapes: Shapes) {
    this.#context = context;
    this.#documents = documents;
    this.#shapes = shapes;
  }

  /** Calls `observer` after every commit that changed documents. */
  observe(observer: (committed: Committed) => void): void {
    this.#observers.push(observer);
  }

  /** Applies the writes in order, at one time. Durable when it returns. Throws the status of the first that fails. */
  commit(database: Database, writes: readonly Write[]): { results: WriteResult[]; time: number } {
    const answer = this.#documents.store.transaction(() => this.#apply(database, writes));
    const deletes = writes.filter((write) => write.operation === 'delete').length;
    if (writes.length > deletes) this.#context.meter('firestore.write', writes.length - deletes);
    if (deletes > 0) this.#context.meter('firestore.delete', deletes);
    return answer;
  }

  #apply(database: Database, writes: readonly Write[]): { results: WriteResult[]; time: number } {
    const time = this.#documents.takeCommitTime();
    const touched = new Map<string, Touched>();
    const results: WriteResult[] = [];
    for (const write of writes) {
      const key = documentKey(nameOf(write), database.name);
      let document = touched.get(key);
      if (!document) {
        const before = this.#documents.get(database, key);
        document = { before, after: before, transforms: 0 };
        touched.set(key, document);
      }
      document.transforms += transformsOf(write);
      if (document.transforms > MOST_TRANSFORMS) {
        throw invalid(
          `A commit can transform up to ${MOST_TRANSFORMS} fields of a document: ${nameOf(write)} has more.`,
        );
      }
      const { after, result } = applyWrite(key, write, document.after, time);
      document.after = after;
      results.push(result);
    }
    const updates: DocumentUpdate[] = [];
    for (const [key, { before, after }] of touched) {
      if (before !== after) updates.push({ key, before, after });
    }
    for (const update of updates) this.#store(database, update, time);
    if (updates.length > 0) {
      this.#documents.store.afterCommit(() => {
        for (const observer of this.#observers) observer({ database, time, updates });
      });
    }
    return { results, time };
  }

  #store(database: Database, { before, after }: DocumentUpdate, time: number): void {
    const row = this.#documents.put(database, before, after, time);
    this.#shapes.update(database, before, after, row);
    const change = documentChange(this.#context.project, database, before, after, time);
    if (change) this.#context.emit(change);
  }
}

function transformsOf(write: Write): number {
  return (write.updateTransforms?.length ?? 0) + (write.transform?.fieldTransforms.length ?? 0);
}
