import type { TableReference } from './catalog.ts';
import type { Row } from './results.ts';
import type { Field } from './schema.ts';

/** What a job has done. */
export interface Outcome {
  /** The result of a query; without columns for statements that return none. */
  readonly result?: { readonly fields: readonly Field[]; readonly rows: readonly Row[] };
  /** Added to the job's `statistics`. */
  readonly statistics: Readonly<Record<string, unknown>>;
  /** Where a query's result was written. */
  readonly destination?: TableReference;
  /** Changes of the catalog, made in the transaction that ends the job. */
  readonly commit?: () => void;
  /** Whether tables have lost their rows' place, which can then be freed. */
  readonly sweep?: boolean;
}
