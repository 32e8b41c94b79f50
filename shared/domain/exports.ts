import type { ExportRequest } from '../../schemas/analytics.ts';
import { defineService, writes } from '../define/service.ts';
import { cacheCollection } from '../resources/collections.ts';
import { Documents, type Stored } from './documents.ts';

/** Rows of the warehouse on their way to files. It is kept in the cache: whoever wants it longer asks again. */
export interface ExportEntity extends Stored {
  readonly user_id: string;
  readonly status: 'pending' | 'ready' | 'failed';
  readonly table: ExportRequest['table'];
  readonly format: NonNullable<ExportRequest['format']>;
  readonly from: Date;
  readonly to: Date;
  /** Rows of all users. */
  readonly everybody: boolean;
  readonly rows?: number;
  /** Names of the files, in their order. */
  readonly objects?: readonly string[];
  readonly error?: string;
  readonly expires_at: Date;
}

export interface Exports {
  create(given: Omit<ExportEntity, 'created_at' | 'updated_at' | 'expires_at' | 'status'>): Promise<ExportEntity>;
  get(id: string): Promise<ExportEntity | undefined>;
  /** @returns undefined when there is none (any more), or when it is somebody else's */
  getOwned(id: string, userId: string): Promise<ExportEntity | undefined>;
  /** Waits for the end of an export; gives it as it is then, or after so long. */
  waitForEnd(id: string, timeoutMs: number): Promise<ExportEntity | undefined>;
  /** Notes how it ended, once. */
  end(id: string, outcome: Partial<ExportEntity>): Promise<void>;
}

/** How long an export can be asked for. */
const KEPT_MS = 7 * 86_400_000;
const ID = /^exp_\w+$/;

export const exportsService = defineService([writes(cacheCollection)], (platform): Exports => {
  const documents = new Documents<ExportEntity>(cacheCollection, platform);
  // Other things are in the cache, too.
  const get = async (id: string) => {
    const found = ID.test(id) ? await documents.get(id) : undefined;
    return found && found.expires_at.getTime() > platform.clock.now() ? found : undefined;
  };
  return {
    async create(given) {
      const now = documents.now();
      const stamps = { created_at: now, updated_at: now, expires_at: new Date(now.getTime() + KEPT_MS) };
      const made: ExportEntity = { ...given, ...stamps, status: 'pending' };
      await documents.create(made);
      return made;
    },
    get,
    async getOwned(id, userId) {
      const found = await get(id);
      return found?.user_id === userId ? found : undefined;
    },
    waitForEnd: (id, timeoutMs) => documents.waitFor(id, (found) => found?.status !== 'pending', timeoutMs),
    async end(id, outcome) {
      await documents.change(id, (current) => (current.status === 'pending' ? outcome : undefined));
    },
  };
});
