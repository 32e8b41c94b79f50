import { type Bigquery, liveEntry } from './bigquery.ts';
import { invalidQuery } from './errors.ts';
import { recordFinished } from './finished-jobs.ts';
import type { Outcome } from './outcomes.ts';
import type { Execution } from './querying.ts';
import type { Action } from './sql/statements.ts';

export type Manipulation = Extract<Action, { kind: 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' | 'TRUNCATE_TABLE' }>;

const COUNTS: Partial<Record<Manipulation['kind'], string>> = {
  INSERT: 'insertedRowCount',
  UPDATE: 'updatedRowCount',
  DELETE: 'deletedRowCount',
  TRUNCATE_TABLE: 'deletedRowCount',
};

/** Runs INSERT, UPDATE, DELETE, MERGE or TRUNCATE TABLE: all of it or nothing, and a record that the job did it. */
export async function manipulate(bigquery: Bigquery, execution: Execution, action: Manipulation): Promise<Outcome> {
  const { catalog, context, warehouse } = bigquery;
  const entry = liveEntry(bigquery, execution.resolve(action.target));
  if (entry.table.type !== 'TABLE')
    throw invalidQuery(`${action.target.join('.')} is a ${entry.table.type} and cannot be modified`);
  await warehouse.ready([entry]);
  catalog.touch(entry.physical, context.clock.now());
  const statistics = await warehouse.write(async (connection) => {
    if (action.guard && (await connection.runAndReadAll(action.guard.sql)).currentRowCount > 0)
      throw invalidQuery(action.guard.message);
    const reader = await connection.runAndReadAll(action.sql);
    const made =
      action.kind === 'MERGE'
        ? describeMerge(reader.getRows().map(([done]) => String(done)))
        : describeChange(action.kind, Number(reader.value(0, 0)));
    await recordFinished(bigquery, connection, execution.jobKey, made);
    return made;
  });
  return { result: { fields: [], rows: [] }, statistics };
}

/** @param actions what became of each row that was changed: INSERT, UPDATE or DELETE. */
function describeMerge(actions: readonly string[]): Record<string, unknown> {
  const count = (action: string) => String(actions.filter((each) => each === action).length);
  const dmlStats = {
    insertedRowCount: count('INSERT'),
    updatedRowCount: count('UPDATE'),
    deletedRowCount: count('DELETE'),
  };
  return { query: { statementType: 'MERGE', numDmlAffectedRows: String(actions.length), dmlStats } };
}

function describeChange(kind: Exclude<Manipulation['kind'], 'MERGE'>, changed: number): Record<string, unknown> {
  const title = COUNTS[kind];
  const dml = kind === 'TRUNCATE_TABLE' ? {} : { numDmlAffectedRows: String(changed) };
  return { query: { statementType: kind, ...dml, ...(title ? { dmlStats: { [title]: String(changed) } } : {}) } };
}
