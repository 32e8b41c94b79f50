import type { DocumentSnapshot, Firestore, Query, Transaction } from '@google-cloud/firestore';
import type { Collection } from '../define/resources.ts';
import type { Page } from '../http/lists.ts';
import type { Platform } from '../platform/platform.ts';
import { readTogether } from './read-together.ts';
import { plain, storable } from './storable.ts';

/** Every stored document has these. */
export interface Stored {
  readonly id: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const ALREADY_EXISTS = 6;
/** Ids come from paths and bodies of requests too: what is no id of ours never becomes a path of Firestore. */
const ID = /^(?!__)[\w-]{1,128}$/;

export const isDocumentId = (text: string): boolean => ID.test(text);

/** The documents of one collection: what the entities' own files build their reads and writes of. */
export class Documents<E extends Stored> {
  readonly #collection: Collection;
  readonly #platform: Pick<Platform, 'clients' | 'clock'>;

  constructor(collection: Collection, platform: Pick<Platform, 'clients' | 'clock'>) {
    this.#collection = collection;
    this.#platform = platform;
  }

  now(): Date {
    return new Date(this.#platform.clock.now());
  }

  firestore(): Promise<Firestore> {
    return this.#platform.clients.firestore();
  }

  async ref(id: string) {
    return (await this.firestore()).collection(this.#collection.name).doc(id);
  }

  async query(): Promise<Query> {
    return (await this.firestore()).collection(this.#collection.name);
  }

  async get(id: string): Promise<E | undefined> {
    const snapshot = await this.snapshot(id);
    return snapshot && read<E>(snapshot);
  }

  /** A document together with its version; undefined where the id is not one of ours. */
  async snapshot(id: string): Promise<DocumentSnapshot | undefined> {
    return ID.test(id) ? await readTogether(await this.firestore(), await this.ref(id)) : undefined;
  }

  /**
   * The documents with these ids, in their order; undefined where there is none.
   * @param fields what is wanted of them; all by default.
   */
  async getAll<F extends keyof E & string = keyof E & string>(
    ids: readonly string[],
    fields?: readonly F[],
  ): Promise<(Pick<E, F> | undefined)[]> {
    const known = [...new Set(ids)].filter((id) => ID.test(id));
    if (known.length === 0) return ids.map(() => undefined);
    const firestore = await this.firestore();
    const refs = known.map((id) => firestore.collection(this.#collection.name).doc(id));
    const snapshots = await firestore.getAll(...refs, ...(fields ? [{ fieldMask: [...fields] }] : []));
    const found = new Map(known.map((id, i) => [id, read<Pick<E, F>>(snapshots[i] as DocumentSnapshot)]));
    return ids.map((id) => found.get(id));
  }

  async find(narrow: (query: Query) => Query): Promise<E[]> {
    const { docs } = await narrow(await this.query()).get();
    return docs.map((snapshot) => read<E>(snapshot) as E);
  }

  /** A page of a user's documents, newest first. */
  async page(page: Page, narrow: (query: Query) => Query): Promise<E[]> {
    return await this.find((query) => {
      const ordered = narrow(query).orderBy('created_at', 'desc').orderBy('__name__', 'desc').limit(page.size);
      return page.after ? ordered.startAfter(page.after.createdAt, page.after.id) : ordered;
    });
  }

  async count(narrow: (query: Query) => Query): Promise<number> {
    return (
      await narrow(await this.query())
        .count()
        .get()
    ).data().count;
  }

  /** The sum of a field over the documents that have a number there. */
  async sum(field: string, narrow: (query: Query) => Query): Promise<number> {
    const { AggregateField } = await import('@google-cloud/firestore');
    const query = narrow(await this.query()).aggregate({ sum: AggregateField.sum(field) });
    return (await query.get()).data().sum;
  }

  /** Creates a document. Gives false, and changes nothing, when it exists already. */
  async create(entity: E): Promise<boolean> {
    return await createdOnce(async () => void (await (await this.ref(entity.id)).create(storable(entity))));
  }

  async update(id: string, patch: Partial<E>): Promise<void> {
    await (await this.ref(id)).update({ ...storable(patch), updated_at: this.now() });
  }

  /** Deletes a document; `check` is given what is deleted, with nothing in between, and may refuse by throwing. */
  async delete(id: string, check?: (current: E) => void): Promise<void> {
    const ref = await this.ref(id);
    if (!check) return void (await ref.delete());
    await this.transaction(async (transaction) => {
      const current = read<E>(await transaction.get(ref));
      if (!current) return;
      check(current);
      transaction.delete(ref);
    });
  }

  /**
   * Reads and writes one document without anything in between. `change` gives what to write, or undefined for nothing;
   * `beside` writes others in the same transaction.
   */
  async change(
    id: string,
    change: (current: E) => Partial<E> | undefined,
    beside?: (changed: E, transaction: Transaction) => Promise<void>,
  ): Promise<E | undefined> {
    if (!ID.test(id)) return undefined;
    const ref = await this.ref(id);
    return await this.transaction(async (transaction) => {
      const current = read<E>(await transaction.get(ref));
      const patch = current && change(current);
      if (!patch) return undefined;
      const stamped = { ...patch, updated_at: this.now() };
      transaction.update(ref, storable(stamped) as Record<string, unknown>);
      const changed = { ...current, ...stamped };
      await beside?.(changed, transaction);
      return changed;
    });
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return await (await this.firestore()).runTransaction(work, { maxAttempts: 10 });
  }

  /**
   * Calls it once when the document fits, by listening to it; what goes wrong with listening is nobody's concern.
   * @returns what stops listening
   */
  watch(id: string, fits: (entity: E | undefined) => boolean, onFit: () => void): () => void {
    let stop: (() => void) | undefined;
    let stopped = false;
    const end = (): void => {
      stopped = true;
      stop?.();
    };
    this.ref(id)
      .then((ref) => {
        if (stopped) return;
        stop = ref.onSnapshot(
          (snapshot) => {
            if (stopped || !fits(read<E>(snapshot))) return;
            end();
            onFit();
          },
          () => end(),
        );
      })
      .catch(() => undefined);
    return end;
  }

  /** Calls it with the document as it is, and whenever it has changed. Gives what stops listening. */
  listen(id: string, on: (entity: E) => void, failed: (error: unknown) => void): () => void {
    return listening(async () => {
      const ref = await this.ref(id);
      return ref.onSnapshot((snapshot) => {
        const entity = read<E>(snapshot);
        if (entity) on(entity);
      }, failed);
    }, failed);
  }

  /** Waits until the document fits, by listening to it. Gives what was seen last: undefined when there is none. */
  async waitFor(id: string, fits: (entity: E | undefined) => boolean, timeoutMs: number): Promise<E | undefined> {
    const ref = await this.ref(id);
    return await new Promise((resolve, reject) => {
      let last: E | undefined;
      const timer = setTimeout(() => finish(() => resolve(last)), timeoutMs);
      const stop = ref.onSnapshot(
        (snapshot) => {
          last = read<E>(snapshot);
          if (fits(last)) finish(() => resolve(last));
        },
        (error) => finish(() => reject(error)),
      );
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        stop();
        settle();
      };
    });
  }
}

/** Starts listening, which takes a moment. Gives what stops it, also before it has begun. */
export function listening(start: () => Promise<() => void>, failed: (error: unknown) => void): () => void {
  let stop: (() => void) | undefined;
  let stopped = false;
  start()
    .then((begun) => {
      if (stopped) begun();
      else stop = begun;
    })
    .catch(failed);
  return () => {
    stopped = true;
    stop?.();
  };
}

/** Writes what must not be there yet. Gives false, and writes nothing, when it is. */
export async function createdOnce(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === ALREADY_EXISTS) return false;
    throw error;
  }
}

/** A document as an entity: timestamps are Dates. */
export function read<E>(snapshot: DocumentSnapshot): E | undefined {
  const data = snapshot.data();
  return data && (plain(data) as E);
}
