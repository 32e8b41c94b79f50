import type { ServiceContext } from '../plumbing/service.ts';
import { Committer } from './commit.ts';
import { type Database, Documents } from './documents.ts';
import { type CompositeIndex, chooseIndexes, type IndexDemands, type IndexFields } from './indexes.ts';
import type { Query } from './query.ts';
import { QueryRunner } from './run-query.ts';
import { Shapes } from './shapes.ts';
import { Transactions } from './transactions.ts';

/** The parts of the database that its methods work with. */
export interface Engine {
  readonly context: ServiceContext;
  readonly documents: Documents;
  readonly runner: QueryRunner;
  readonly committer: Committer;
  readonly transactions: Transactions;
  /** The database a resource name is in. */
  database(name: string): Database;
  /** The indexes that answer the query. Throws FAILED_PRECONDITION when it needs one that is not declared. */
  checkIndex(query: Query, demands?: IndexDemands): readonly IndexFields[];
}

/** Opens the database on the context's store. `indexes` undefined: no composite index is asked for. */
export function openEngine(context: ServiceContext, indexes: readonly CompositeIndex[] | undefined): Engine {
  const documents = new Documents(context.store, context.clock);
  const shapes = new Shapes(context.store);
  const committer = new Committer(context, documents, shapes);
  const transactions = new Transactions(context.clock, documents);
  committer.observe((committed) => transactions.observe(committed));
  return {
    context,
    documents,
    runner: new QueryRunner(documents, shapes),
    committer,
    transactions,
    database: (name) => documents.database(name),
    checkIndex: (query, demands) => chooseIndexes(query, indexes, demands),
  };
}
