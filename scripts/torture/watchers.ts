import type { Firestore, QuerySnapshot } from '@google-cloud/firestore';
import { sumOf, TOTAL } from './ledger.ts';

/** Listeners that look at every snapshot. */
export interface Watchers {
  /** What they saw that must not be. */
  readonly violations: readonly string[];
  /** Transfers that were seen. */
  readonly seen: ReadonlySet<string>;
  readonly snapshots: () => number;
  stop(): void;
}

/**
 * Listens to all accounts, whose balances add up in every snapshot and whose versions only rise, and to all transfers,
 * each of which appears once, in the order of the commits.
 */
export function watch(db: Firestore): Watchers {
  const violations: string[] = [];
  const seen = new Set<string>();
  let snapshots = 0;
  const failed = (error: Error) => void violations.push(`a listener ended: ${error.message}`);
  const accounts = accountsCheck(violations);
  const transfers = transfersCheck(violations, seen);
  const counted = (check: (snapshot: QuerySnapshot) => void) => (snapshot: QuerySnapshot) => {
    snapshots++;
    check(snapshot);
  };
  const stops = [
    db.collection('accounts').onSnapshot(counted(accounts), failed),
    db.collection('transfers').onSnapshot(counted(transfers), failed),
  ];
  return {
    ...{ violations, seen, snapshots: () => snapshots },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

function accountsCheck(violations: string[]): (snapshot: QuerySnapshot) => void {
  const versions = new Map<string, number>();
  return (snapshot) => {
    if (sumOf(snapshot) !== TOTAL) violations.push(`a snapshot's balances add up to ${sumOf(snapshot)}`);
    for (const { doc, type } of snapshot.docChanges()) {
      const version = Number(doc.get('version'));
      if (type === 'removed') violations.push(`account ${doc.id} was seen to go`);
      else if (version < (versions.get(doc.id) ?? 0)) violations.push(`account ${doc.id} was seen to go back`);
      versions.set(doc.id, version);
    }
  };
}

function transfersCheck(violations: string[], seen: Set<string>): (snapshot: QuerySnapshot) => void {
  let last = 0n;
  return (snapshot) => {
    let newest = last;
    for (const { doc, type } of snapshot.docChanges()) {
      if (type !== 'added' || seen.has(doc.id)) violations.push(`transfer ${doc.id} was seen to be ${type} again`);
      seen.add(doc.id);
      const { seconds, nanoseconds } = doc.createTime;
      const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
      if (time <= last) violations.push(`transfer ${doc.id} was seen after a later one`);
      if (time > newest) newest = time;
    }
    last = newest;
  };
}
