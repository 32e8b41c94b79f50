import type { Firestore, QuerySnapshot } from '@google-cloud/firestore';
import type { Random } from './random.ts';

const ACCOUNTS = 50;
const BALANCE = 1000;
/** What all balances add up to, at any time. */
export const TOTAL = ACCOUNTS * BALANCE;

/** A document of `accounts`. */
interface Account {
  readonly balance: number;
  /** How many transfers it took part in. */
  readonly version: number;
}

/** A document of `transfers`: written in the transaction that moved the money. */
interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Opens the accounts. */
export async function openAccounts(db: Firestore): Promise<void> {
  const batch = db.batch();
  for (let n = 0; n < ACCOUNTS; n++) batch.create(db.doc(`accounts/a${n}`), { balance: BALANCE, version: 0 });
  await batch.commit();
}

/**
 * Moves money between two accounts, in one transaction that also records it as `transfers/{id}`. One time in eight the
 * giver is looked for by a query instead.
 * @throws Error when it is not known whether it happened: the record tells.
 */
export async function transfer(db: Firestore, id: string, random: Random): Promise<void> {
  const [first, second, amount] = [random.below(ACCOUNTS), random.below(ACCOUNTS - 1), 1 + random.below(20)];
  const to = db.doc(`accounts/a${second >= first ? second + 1 : second}`);
  const richest = random.chance(1 / 8);
  await db.runTransaction(async (transaction) => {
    const byBalance = db.collection('accounts').orderBy('balance', 'desc').limit(2);
    const found = richest ? (await transaction.get(byBalance)).docs.find(({ id }) => id !== to.id)?.ref : undefined;
    const from = found ?? db.doc(`accounts/a${first}`);
    const [giver, taker] = (await transaction.getAll(from, to)).map((document) => document.data() as Account);
    if (!giver || !taker) throw new Error('An account is gone.');
    transaction.update(from, { balance: giver.balance - amount, version: giver.version + 1 });
    transaction.update(to, { balance: taker.balance + amount, version: taker.version + 1 });
    transaction.create(db.doc(`transfers/${id}`), { from: from.id, to: to.id, amount } satisfies Transfer);
  });
}

/** The sum of the balances in a snapshot of all accounts. */
export function sumOf(accounts: QuerySnapshot): number {
  return accounts.docs.reduce((sum, document) => sum + (document.data() as Account).balance, 0);
}

/** What is wrong with the accounts and records as they are now; nothing else may write meanwhile. */
export async function auditLedger(db: Firestore, acknowledged: ReadonlySet<string>): Promise<string[]> {
  const accounts = await db.collection('accounts').get();
  const { docs: transfers } = await db.collection('transfers').get();
  const recorded = new Set(transfers.map(({ id }) => id));
  const lost = [...acknowledged].filter((id) => !recorded.has(id));
  const expected = new Map(accounts.docs.map(({ id }) => [id, { balance: BALANCE, version: 0 }]));
  for (const document of transfers) {
    const { from, to, amount } = document.data() as Transfer;
    for (const [id, change] of [[from, -amount] as const, [to, amount] as const]) {
      const account = expected.get(id);
      if (account) expected.set(id, { balance: account.balance + change, version: account.version + 1 });
    }
  }
  const wrong = accounts.docs.filter((document) => {
    const { balance, version } = document.data() as Account;
    const should = expected.get(document.id);
    return balance !== should?.balance || version !== should.version;
  });
  return [
    ...(accounts.size === ACCOUNTS ? [] : [`${accounts.size} accounts instead of ${ACCOUNTS}`]),
    ...(sumOf(accounts) === TOTAL ? [] : [`the balances add up to ${sumOf(accounts)} instead of ${TOTAL}`]),
    ...lost.map((id) => `the acknowledged transfer ${id} is lost`),
    ...wrong.map(({ id }) => `account ${id} is not what its transfers make it`),
  ];
}
