import type { EgressAnswer, EgressRequest } from '../platform/egress.ts';

/** When a visual baseline is written: `missing` where there is none, `changed` also where the page differs, `none` never. */
export type SnapshotUpdates = 'missing' | 'changed' | 'none';

/** The visual baselines of one test. */
export interface Baselines {
  readonly update: SnapshotUpdates;
  /** The PNG of a name; undefined when there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, png: Uint8Array): Promise<void>;
}

/** What a session reaches beside its browser: nothing that its user may not reach. */
export interface Outside {
  /** Sends one request through the egress guard. Redirects are not followed. @throws AppError; or the socket's own error */
  send(request: EgressRequest): Promise<EgressAnswer>;
  /** A file of the session's user; of one that is larger than `LARGEST_FILE`, only a little more. @throws AppError not-found, permission-denied */
  readFile(name: string): Promise<Uint8Array>;
  readonly baselines: Baselines;
}
