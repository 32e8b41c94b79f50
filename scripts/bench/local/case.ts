import type { DatabaseSync } from 'node:sqlite';
import type { GoogleClients } from '../../chain/clients.ts';

/** What a case works with. */
export interface Bench {
  /** Official clients on a local cloud in another process. */
  readonly google: GoogleClients;
  /** The raw store, as durable as the cloud's: write-ahead, `synchronous = NORMAL`. */
  readonly raw: DatabaseSync;
  /** Folder for what the raw side keeps in files. */
  readonly folder: string;
}

/** One thing that is measured: the same work through the official client and on the raw store. */
export interface Case {
  readonly name: string;
  /** What is counted. */
  readonly unit: string;
  /** How many of it one run makes. */
  readonly count: number;
  readonly local: () => Promise<unknown>;
  readonly onRaw: () => unknown;
}

/** Makes the cases of a service, and what they need. */
export type Cases = (bench: Bench) => Promise<readonly Case[]>;

/** Runs `work` for each of `count` numbers, so many at a time. */
export async function atATime(width: number, count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
