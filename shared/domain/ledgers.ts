import type { Transaction } from '@google-cloud/firestore';
import type { OwnQuotas } from '../../schemas/quotas.ts';
import type { Platform } from '../platform/platform.ts';
import { slotsCollection } from '../resources/collections.ts';
import { Documents, read, type Stored } from './documents.ts';
import { dayOf } from './quotas.ts';
import { storable } from './storable.ts';

/** What a user's runs and live sessions have taken, as far as it must be known to give nothing twice. */
export interface Ledger extends Stored {
  readonly user_id: string;
  /** Slots in use at most: it falls unnoticed, and is counted anew when there seem to be too few left. */
  readonly in_use: number;
  /** Slots of runs whose sessions may not be written yet. */
  readonly planning: Readonly<Record<string, { readonly slots: number; readonly at: Date }>>;
  /** Live sessions that may be open, and when each was opened. */
  readonly open_live: Readonly<Record<string, Date>>;
  readonly today: { readonly day: string; readonly runs: number; readonly live_sessions: number };
  /** The user's own quotas: the same as in `users`, written with them. */
  readonly quotas?: OwnQuotas;
}

/** The document of each user in `slots`: written once a run and once a live session. */
export class Ledgers {
  readonly #documents: Documents<Ledger>;

  constructor(platform: Pick<Platform, 'clients' | 'clock'>) {
    this.#documents = new Documents<Ledger>(slotsCollection, platform);
  }

  async of(userId: string): Promise<Ledger> {
    return this.#filled(userId, await this.#documents.get(userId));
  }

  /** Changes a user's ledger together with other documents. */
  async change<T>(
    userId: string,
    work: (ledger: Ledger, transaction: Transaction) => Promise<{ to: Partial<Ledger>; result: T }>,
  ): Promise<T> {
    const ref = await this.#documents.ref(userId);
    return await this.#documents.transaction(async (transaction) => {
      const ledger = this.#filled(userId, read<Ledger>(await transaction.get(ref)));
      const { to, result } = await work(ledger, transaction);
      transaction.set(ref, storable({ ...ledger, ...to, updated_at: this.#documents.now() }));
      return result;
    });
  }

  /** Writes a user's own quotas where they are looked at, in the transaction that writes them to the user. */
  async setQuotas(userId: string, quotas: OwnQuotas, transaction: Transaction): Promise<void> {
    transaction.set(
      await this.#documents.ref(userId),
      { id: userId, user_id: userId, quotas },
      { mergeFields: ['id', 'user_id', 'quotas'] },
    );
  }

  /** With everything that a new one has, and what belongs to another day forgotten. */
  #filled(userId: string, stored: Ledger | undefined): Ledger {
    const now = this.#documents.now();
    const { day } = dayOf(now.getTime());
    const fresh = {
      ...{ id: userId, user_id: userId, created_at: now, updated_at: now },
      ...{ in_use: 0, planning: {}, open_live: {} },
    };
    const today = stored?.today?.day === day ? stored.today : { day, runs: 0, live_sessions: 0 };
    return { ...fresh, ...stored, today };
  }
}
