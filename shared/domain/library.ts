import type { Query, Transaction } from '@google-cloud/firestore';
import type { LibraryEntity } from '../../schemas/entities.ts';
import { defineService, reads, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { libraryCollection, libraryNamesCollection } from '../resources/collections.ts';
import { Documents, read, type Stored } from './documents.ts';
import { storable } from './storable.ts';

/** The library, to be looked at. */
export interface Shelf {
  /** What tests call it: an id, a name (its newest version) or name@version. Somebody else's is undefined. */
  find(reference: string, userId: string): Promise<LibraryEntity | undefined>;
  /** The names that a user's checkpoints have, at most a thousand. */
  names(userId: string): Promise<string[]>;
}

export interface Library extends Shelf {
  /** All versions, newest first. */
  list(userId: string, page: Page): Promise<LibraryEntity[]>;
  /**
   * Stores a new version; content that the newest version has already makes none. A number is never given twice, not
   * even when its version was deleted: tests are pinned to it.
   */
  store(checkpoint: NewCheckpoint): Promise<{ checkpoint: LibraryEntity; created: boolean }>;
  delete(checkpoint: LibraryEntity): Promise<void>;
}

export type NewCheckpoint = Omit<LibraryEntity, 'id' | 'version' | 'created_at' | 'updated_at'>;

const MOST_NAMES = 1000;

/** What outlives the versions of a name. */
interface LibraryName extends Stored {
  readonly user_id: string;
  readonly name: string;
  readonly last_version: number;
}

/** Whose checkpoint, and what it is called. */
type Named = Pick<LibraryEntity, 'user_id' | 'name'>;

/** A reference apart: `log in@2` is version 2 of `log in`. */
function parse(reference: string): { name: string; version?: number } {
  const [, name = reference, version] = /^(.+)@(\d{1,9})$/s.exec(reference) ?? [];
  return { name, ...(version === undefined ? {} : { version: Number(version) }) };
}

function shelfOf(documents: Documents<LibraryEntity>): Shelf {
  return {
    async find(reference, userId) {
      if (!reference.startsWith('lib_')) return await byName(documents, userId, parse(reference));
      const found = await documents.get(reference);
      return found?.user_id === userId ? found : undefined;
    },
    async names(userId) {
      const found = await documents.find((query) =>
        query
          .where('user_id', '==', userId)
          .orderBy('name')
          .orderBy('version', 'desc')
          .select('name')
          .limit(MOST_NAMES),
      );
      return [...new Set(found.map(({ name }) => name))];
    },
  };
}

async function byName(
  documents: Documents<LibraryEntity>,
  userId: string,
  { name, version }: { name: string; version?: number },
): Promise<LibraryEntity | undefined> {
  const [found] = await documents.find((query) => newestOf(query, { user_id: userId, name }, version));
  return found;
}

function newestOf(query: Query, { user_id, name }: Named, version?: number): Query {
  const named = query.where('user_id', '==', user_id).where('name', '==', name);
  return (version === undefined ? named : named.where('version', '==', version)).orderBy('version', 'desc').limit(1);
}

export const shelf = defineService([reads(libraryCollection)], (platform): Shelf => {
  return shelfOf(new Documents<LibraryEntity>(libraryCollection, platform));
});

export const library = defineService(
  [writes(libraryCollection), writes(libraryNamesCollection)],
  (platform): Library => {
    const documents = new Documents<LibraryEntity>(libraryCollection, platform);
    const names = new Documents<LibraryName>(libraryNamesCollection, platform);

    const nameRef = ({ user_id, name }: Named) => names.ref(derivedId('lib', user_id, name));
    /** Notes that a number is taken. Returns what is to be written once everything is read. */
    async function highest(transaction: Transaction, checkpoint: Named): Promise<[number, (version: number) => void]> {
      const ref = await nameRef(checkpoint);
      const head = read<LibraryName>(await transaction.get(ref));
      const now = names.now();
      const { user_id, name } = checkpoint;
      const stamps = { created_at: head?.created_at ?? now, updated_at: now };
      const note = (last_version: number) =>
        void transaction.set(ref, { id: ref.id, user_id, name, last_version, ...stamps });
      return [head?.last_version ?? 0, note];
    }

    return {
      ...shelfOf(documents),
      list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
      store: (checkpoint) =>
        documents.transaction(async (transaction) => {
          const { docs } = await transaction.get(newestOf(await documents.query(), checkpoint));
          const newest = docs[0] && read<LibraryEntity>(docs[0]);
          if (newest?.content_hash === checkpoint.content_hash) return { checkpoint: newest, created: false };
          const [last, note] = await highest(transaction, checkpoint);
          const version = Math.max(last, newest?.version ?? 0) + 1;
          const id = derivedId('lib', checkpoint.user_id, checkpoint.name, version);
          const now = documents.now();
          const stored: LibraryEntity = { ...checkpoint, id, version, created_at: now, updated_at: now };
          transaction.create(await documents.ref(id), storable(stored));
          note(version);
          return { checkpoint: stored, created: true };
        }),
      async delete({ id, version, ...named }) {
        const ref = await documents.ref(id);
        await documents.transaction(async (transaction) => {
          const [last, note] = await highest(transaction, named);
          transaction.delete(ref);
          if (version > last) note(version);
        });
      },
    };
  },
);
