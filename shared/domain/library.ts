import type { LibraryEntity } from '../../schemas/entities.ts';
import { defineService, reads, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { libraryCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

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
  /** Stores a new version; content that the newest version has already makes none. */
  store(checkpoint: NewCheckpoint): Promise<{ checkpoint: LibraryEntity; created: boolean }>;
  delete(id: string): Promise<void>;
}

export type NewCheckpoint = Omit<LibraryEntity, 'id' | 'version' | 'created_at' | 'updated_at'>;

const MOST_NAMES = 1000;
/** Others may store versions of the same name at the same moment. */
const MOST_TRIES = 10;

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
  const [found] = await documents.find((query) => {
    const named = query.where('user_id', '==', userId).where('name', '==', name);
    return (version === undefined ? named : named.where('version', '==', version)).orderBy('version', 'desc').limit(1);
  });
  return found;
}

export const shelf = defineService([reads(libraryCollection)], (platform): Shelf => {
  return shelfOf(new Documents<LibraryEntity>(libraryCollection, platform));
});

export const library = defineService([writes(libraryCollection)], (platform): Library => {
  const documents = new Documents<LibraryEntity>(libraryCollection, platform);
  return {
    ...shelfOf(documents),
    list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
    async store(checkpoint) {
      for (let attempt = 1; ; attempt++) {
        const newest = await byName(documents, checkpoint.user_id, { name: checkpoint.name });
        if (newest?.content_hash === checkpoint.content_hash) return { checkpoint: newest, created: false };
        const version = (newest?.version ?? 0) + 1;
        const now = documents.now();
        const id = derivedId('lib', checkpoint.user_id, checkpoint.name, version);
        const stored: LibraryEntity = { ...checkpoint, id, version, created_at: now, updated_at: now };
        if (await documents.create(stored)) return { checkpoint: stored, created: true };
        if (attempt === MOST_TRIES) throw new Error(`no version of '${checkpoint.name}' could be stored`);
      }
    },
    delete: (id) => documents.delete(id),
  };
});
