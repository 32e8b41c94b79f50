import type { Database, Documents, DocumentVersion } from './documents.ts';
import { encodeFields } from './encode-fields.ts';
import { type FieldPath, parseFieldPath, project } from './field-paths.ts';
import { toName } from './paths.ts';
import type { Transaction, TransactionOptions, Transactions } from './transactions.ts';
import { type ProtoTimestamp, toMicros } from './values.ts';
import { documentMessage } from './wire.ts';

/** The consistency selector of a read as decoded. */
export interface Consistency {
  consistencySelector?: 'transaction' | 'newTransaction' | 'readTime';
  transaction?: Uint8Array;
  newTransaction?: TransactionOptions | null;
  readTime?: ProtoTimestamp | null;
}

/** How a read is to be done. */
export interface ReadView {
  readonly transaction: Transaction | undefined;
  /** The id to return: of the transaction that began with this read. */
  readonly began: Buffer | undefined;
  /** Read as of this time (microseconds); undefined is now. */
  readonly at: number | undefined;
}

/** Finds or begins the transaction of a read, or its time. */
export function openView(
  documents: Documents,
  transactions: Transactions,
  database: Database,
  selector: Consistency,
): ReadView {
  switch (selector.consistencySelector) {
    case 'transaction': {
      if (!selector.transaction || selector.transaction.length === 0) break;
      const transaction = transactions.use(database, selector.transaction);
      return { transaction, began: undefined, at: transaction.readTime };
    }
    case 'newTransaction': {
      const transaction = transactions.begin(database, selector.newTransaction ?? null);
      return { transaction, began: transaction.id, at: transaction.readTime };
    }
    case 'readTime':
      if (!selector.readTime) break;
      return {
        transaction: undefined,
        began: undefined,
        at: documents.checkReadTime(toMicros(selector.readTime)),
      };
    default:
  }
  return { transaction: undefined, began: undefined, at: undefined };
}

/** `google.firestore.v1.DocumentMask` as field paths; undefined when there is none. */
export function readMask(mask: { fieldPaths: string[] } | null | undefined): FieldPath[] | undefined {
  return mask ? mask.fieldPaths.map(parseFieldPath) : undefined;
}

/** A document as an encoded `Document`, with only the masked fields when there is a mask. */
export function encodeMasked(
  database: Database,
  version: DocumentVersion,
  mask: readonly FieldPath[] | undefined,
): Buffer {
  const data = mask ? encodeFields(project(version.fields, mask)) : version.data;
  return documentMessage(toName(database.name, version.key), data, version.created, version.updated);
}
