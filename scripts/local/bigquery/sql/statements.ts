import type { Table } from '../catalog.ts';
import { invalidQuery } from '../errors.ts';
import type { Field } from '../schema.ts';
import { readAlter } from './alterations.ts';
import { type Compilation, type CompileOptions, compilation, type Reference } from './compilation.ts';
import { readCreate, readDrop } from './definitions.ts';
import { readExport } from './exports.ts';
import { readDelete, readInsert, readMerge, readTruncate, readUpdate } from './manipulations.ts';
import { query } from './queries.ts';
import { at } from './tokens.ts';

/** By time, or by a range of whole numbers. */
export type Partitioning =
  | { readonly field: string; readonly type: string }
  | { readonly field: string; readonly range: NonNullable<Table['rangePartitioning']>['range'] };

/** How a table that is created is laid out. */
export interface Layout {
  readonly partitioning?: Partitioning;
  readonly clustering?: readonly string[];
  /** OPTIONS(…), as SQL constants have them. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** The labels of OPTIONS. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** One thing that ALTER TABLE does. */
export type Alteration =
  | { readonly kind: 'add'; readonly field: Field; readonly ifNotExists: boolean }
  | { readonly kind: 'set'; readonly options: Pick<Layout, 'options' | 'labels'> }
  | { readonly kind: 'rename'; readonly to: string }
  | {
      readonly kind: 'column';
      readonly column: string;
      readonly missingOk: boolean;
      readonly nullable?: boolean;
      /** Empty for none. */
      readonly description?: string;
    };

/** What a statement asks for, with SQL for DuckDB. Paths are `[project,] [dataset,] table`. */
export type Action =
  | { readonly kind: 'SELECT'; readonly sql: string }
  | { readonly kind: 'EXPORT_DATA'; readonly options: Layout['options']; readonly sql: string }
  | {
      readonly kind: 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' | 'TRUNCATE_TABLE';
      readonly target: readonly string[];
      readonly sql: string;
      /** A query that must find nothing for the statement to run, and what is wrong when it does. */
      readonly guard?: { readonly sql: string; readonly message: string };
    }
  | {
      readonly kind: 'CREATE_TABLE' | 'CREATE_TABLE_AS_SELECT';
      readonly target: readonly string[];
      readonly replace: boolean;
      readonly ifNotExists: boolean;
      readonly layout: Layout;
      readonly fields?: readonly Field[];
      /** The table whose columns and layout it takes. */
      readonly like?: readonly string[];
      readonly sql?: string;
    }
  | {
      readonly kind: 'CREATE_VIEW';
      readonly target: readonly string[];
      readonly replace: boolean;
      readonly ifNotExists: boolean;
      readonly layout: Layout;
      /** GoogleSQL, as written. */
      readonly query: string;
      /** The same for DuckDB. */
      readonly sql: string;
    }
  | {
      readonly kind: 'CREATE_SNAPSHOT_TABLE' | 'CREATE_TABLE_CLONE';
      readonly target: readonly string[];
      readonly source: readonly string[];
      /** COPY instead of CLONE. */
      readonly copies: boolean;
      readonly replace: boolean;
      readonly ifNotExists: boolean;
      readonly layout: Layout;
    }
  | {
      readonly kind: 'ALTER_TABLE';
      readonly target: readonly string[];
      /** Whether a table that is not there is no error. */
      readonly missingOk: boolean;
      readonly alterations: readonly Alteration[];
    }
  | ({
      readonly kind: 'CREATE_SCHEMA';
      readonly path: readonly string[];
      readonly ifNotExists: boolean;
    } & Pick<Layout, 'options' | 'labels'>)
  | {
      readonly kind: 'DROP_SCHEMA';
      readonly path: readonly string[];
      readonly missingOk: boolean;
      readonly cascade: boolean;
    }
  | {
      readonly kind: 'DROP_TABLE' | 'DROP_VIEW' | 'DROP_SNAPSHOT_TABLE';
      readonly target: readonly string[];
      readonly ifExists: boolean;
    };

export interface Statement {
  readonly action: Action;
  /** The tables it reads. */
  readonly references: readonly Reference[];
}

const READERS: Readonly<Record<string, (c: Compilation) => Action>> = {
  SELECT: readQuery,
  WITH: readQuery,
  '(': readQuery,
  INSERT: readInsert,
  UPDATE: readUpdate,
  DELETE: readDelete,
  MERGE: readMerge,
  TRUNCATE: readTruncate,
  CREATE: readCreate,
  DROP: readDrop,
  ALTER: readAlter,
  EXPORT: readExport,
};

/** Words that other statements of GoogleSQL begin with. */
const KNOWN = new Set(
  `ASSERT BEGIN BREAK CALL CASE COMMIT CONTINUE DECLARE DESCRIBE EXECUTE EXPLAIN FOR FROM GRANT IF ITERATE LEAVE
  LOAD LOOP RAISE REPEAT RETURN REVOKE ROLLBACK SET UNDROP WHILE`.split(/\s+/),
);

function readQuery(c: Compilation): Action {
  return { kind: 'SELECT', sql: query(c) };
}

/**
 * Rewrites one GoogleSQL statement for DuckDB. What is supported is a closed list: the statements of `READERS`, the
 * clauses read in queries.ts, from.ts and windows.ts, the operators of expressions.ts, the forms of primaries.ts and the
 * functions of functions.ts and aggregates.ts. Identifiers are always quoted, so that no word means something to DuckDB alone.
 * @throws HttpError invalidQuery for wrong SQL, notImplemented with the form's name for what is not on the list,
 *   notFound for a missing table.
 */
export function compile(sql: string, options: CompileOptions): Statement {
  const c = compilation(sql, options);
  const { reader } = c;
  const first = reader.peek();
  if (first.kind === 'end') throw invalidQuery('Syntax error: Unexpected end of statement');
  const read = READERS[first.key];
  if (!read && !KNOWN.has(first.key)) {
    const what = first.kind === 'word' ? 'identifier' : 'token';
    throw invalidQuery(`Syntax error: Unexpected ${what} "${first.text}" at ${at(sql, first.start)}`);
  }
  if (!read) throw reader.refuse(`statement ${first.key}`);
  const action = read(c);
  if (reader.accept(';') && reader.peek().kind !== 'end') throw reader.refuse('a script of several statements');
  if (reader.peek().kind !== 'end') throw reader.unexpected('end of input');
  return { action, references: c.references };
}
