import type { Bigquery } from './bigquery.ts';
import { checkUnused, insertDataset } from './datasets.ts';
import type { Outcome } from './outcomes.ts';
import type { Execution } from './querying.ts';
import type { Action } from './sql/statements.ts';

export type SchemaAction = Extract<Action, { kind: 'CREATE_SCHEMA' | 'DROP_SCHEMA' }>;

const DAY_MS = 86_400_000;

/** Runs CREATE SCHEMA and DROP SCHEMA: SQL's name of a dataset. */
export function defineSchema(bigquery: Bigquery, execution: Execution, action: SchemaAction): Outcome {
  const { catalog } = bigquery;
  const [datasetId = '', ...project] = [...action.path].reverse();
  const projectId = project.length > 0 ? project.reverse().join('.') : execution.project;
  const done = (operation: string): Outcome => ({
    result: { fields: [], rows: [] },
    statistics: { query: { ddlOperationPerformed: operation, ddlTargetDataset: { projectId, datasetId } } },
  });
  if (action.kind === 'CREATE_SCHEMA') {
    if (action.ifNotExists && catalog.hasDataset(projectId, datasetId)) return done('SKIP');
    const body = { datasetReference: { projectId, datasetId }, ...attributes(action) };
    return { ...done('CREATE'), commit: () => void insertDataset(bigquery, projectId, body) };
  }
  if (action.missingOk && !catalog.hasDataset(projectId, datasetId)) return done('SKIP');
  checkUnused(bigquery, projectId, datasetId, action.cascade);
  return { ...done('DROP'), sweep: true, commit: () => catalog.deleteDataset(projectId, datasetId) };
}

function attributes({ options, labels }: Extract<SchemaAction, { kind: 'CREATE_SCHEMA' }>): Record<string, unknown> {
  const { description, friendly_name: friendlyName, location } = options;
  const days = (value: unknown) => (typeof value === 'number' ? String(value * DAY_MS) : undefined);
  const found = {
    ...{ description, friendlyName, location, labels },
    defaultTableExpirationMs: days(options.default_table_expiration_days),
    defaultPartitionExpirationMs: days(options.default_partition_expiration_days),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined && value !== null));
}
