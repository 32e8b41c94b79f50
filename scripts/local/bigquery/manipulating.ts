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
    const changed = Number((await connection.runAndReadAll(action.sql)).value(0, 0));
    const made = describeChange(action.kind, changed);
    await recordFinished(bigquery, connection, execution.jobKey, made);
    return made;
  });
  return { result: { fields: [], rows: [] }, statistics };
}

function describeChange(kind: Manipulation['kind'], changed: number): Record<string, unknown> {
  const title = COUNTS[kind];
  const dml = kind === 'TRUNCATE_TABLE' ? {} : { numDmlAffectedRows: String(changed) };
  return { query: { statementType: kind, ...dml, ...(title ? { dmlStats: { [title]: String(changed) } } : {}) } };
}
