import { invalid } from './errors.ts';
import { fromStruct, type Struct } from './struct.ts';
import { tableName } from './table-template.ts';

/** The parameters of a scheduled query. */
export interface Params {
  readonly query: string;
  /** Template of the table that the result goes to; absent for statements that write by themselves. */
  readonly destination_table_name_template?: string;
  /** Left to BigQuery when absent: the table must be empty then. */
  readonly write_disposition?: string;
  readonly partitioning_field?: string;
  readonly partitioning_type?: string;
}

/** A parameter, as the data source describes it and as it is checked. */
export interface ParamDeclaration {
  readonly paramId: keyof Params;
  readonly displayName: string;
  readonly description: string;
  readonly required?: boolean;
  readonly allowedValues?: readonly string[];
}

export const paramDeclarations: readonly ParamDeclaration[] = [
  {
    ...{ paramId: 'query', displayName: 'Query', required: true },
    description: 'The statement, in GoogleSQL. It may use @run_time and @run_date.',
  },
  {
    ...{ paramId: 'destination_table_name_template', displayName: 'Destination table' },
    description: 'The table that the result goes to; {run_date} and {run_time|"%Y%m%d"} stand for the time of the run.',
  },
  {
    ...{ paramId: 'write_disposition', displayName: 'Write preference' },
    description: 'Whether the result is appended to the table or replaces what is in it.',
    allowedValues: ['WRITE_TRUNCATE', 'WRITE_APPEND'],
  },
  {
    ...{ paramId: 'partitioning_field', displayName: 'Partitioning field' },
    description: 'The column by which a new destination table is partitioned.',
  },
  {
    ...{ paramId: 'partitioning_type', displayName: 'Partitioning type' },
    description: 'How a new destination table is partitioned.',
    allowedValues: ['HOUR', 'DAY', 'MONTH', 'YEAR'],
  },
];

/** @throws RpcError INVALID_ARGUMENT for a parameter that is unknown, wrong or missing. */
export function readParams(struct: Struct | null): Params {
  const given = Object.entries(fromStruct(struct)).filter(([, value]) => value !== '');
  for (const [id, value] of given) {
    const declared = paramDeclarations.find(({ paramId }) => paramId === id);
    if (!declared) throw invalid(`Unknown parameter "${id}" of a scheduled query.`);
    if (typeof value !== 'string') throw invalid(`The parameter "${id}" must be a string.`);
    if (declared.allowedValues && !declared.allowedValues.includes(value))
      throw invalid(`The parameter "${id}" must be one of ${declared.allowedValues.join(', ')}: "${value}".`);
  }
  const params = Object.fromEntries(given) as unknown as Params;
  if (!params.query?.trim()) throw invalid('The required parameter "query" is missing.');
  if (params.destination_table_name_template) tableName(params.destination_table_name_template, 0);
  return params;
}
