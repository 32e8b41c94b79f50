import { invalidQuery } from '../errors.ts';
import type { Field } from '../schema.ts';
import type { Comparison, Expression } from './arguments.ts';
import { type Constant, parameterConstant, type QueryParameter } from './parameters.ts';
import { Reader } from './reader.ts';

/** What a name in FROM stands for. */
export type Source =
  | {
      readonly kind: 'table';
      /** `project.dataset.table`. */
      readonly id: string;
      /** Where DuckDB has it. */
      readonly sql: string;
      readonly fields: readonly Field[];
    }
  | { readonly kind: 'view'; readonly id: string; readonly query: string }
  | {
      readonly kind: 'rows';
      readonly sql: string;
      /** The tables its SQL counts: they must be there when it runs, but are not billed. */
      readonly counts?: readonly (Source & { kind: 'table' })[];
    };

/** A use of a table in a statement: what is read of it decides the bytes that are billed. */
export interface Reference {
  readonly source: Source & { kind: 'table' };
  readonly alias: string;
  /** Names that stand somewhere in the statement, in lower case: the columns read are among them. */
  readonly words: ReadonlySet<string>;
  /** All columns are read, but these. */
  star?: ReadonlySet<string>;
  /** What holds for every row of it that is needed. */
  readonly holds: Comparison[];
  /** Only what the table is is read, not what is in it: nothing is billed. */
  readonly metadata?: boolean;
}

/** What a statement is compiled with. */
export interface CompileOptions {
  readonly parameters?: readonly QueryParameter[];
  /** Milliseconds since the epoch: one moment for the whole statement. */
  readonly now: number;
  /** Finds the table, view or rows of a path in FROM. @throws HttpError notFound */
  readonly find: (path: readonly string[]) => Source;
}

/** The state of one compilation. */
export interface Compilation {
  readonly reader: Reader;
  readonly options: CompileOptions;
  readonly references: Reference[];
  readonly words: Set<string>;
  /** Names of common table expressions in reach, innermost last. */
  readonly expressions: string[];
  /** Tables of the SELECT that is being read. */
  scope: Reference[];
  /** Tables of the SELECTs around it. */
  enclosing: readonly Reference[];
  /** Names of its list, in lower case, that its WHERE does not see; DuckDB's would. */
  hidden: ReadonlySet<string>;
  /** Whether something stands in its FROM of which the columns are not known here. */
  opaque: boolean;
  /** Whether arrays stand in its FROM. */
  arrays: boolean;
  /** Whether a condition of a join is being read. */
  joining: boolean;
  /** Whether the SELECT that is being read has a `*`. */
  star: boolean;
  /** Names of the SELECT list, in lower case, where they come before columns: in HAVING, QUALIFY and ORDER BY. */
  aliases: ReadonlyMap<string, Expression>;
  /** Views being expanded. */
  readonly views: readonly string[];
  positional: number;
}

/** Begins to compile a statement (or, for `within`, a view that one names). */
export function compilation(
  sql: string,
  options: CompileOptions,
  within?: { from: Compilation; view: string },
): Compilation {
  return {
    reader: new Reader(sql),
    options: within ? { ...options, parameters: [] } : options,
    references: within?.from.references ?? [],
    words: new Set(),
    expressions: [],
    scope: [],
    enclosing: [],
    hidden: new Set(),
    opaque: false,
    arrays: false,
    joining: false,
    star: false,
    aliases: new Map(),
    views: within ? [...within.from.views, within.view] : [],
    positional: 0,
  };
}

/** The constant a parameter stands for: `@name`, or the next `?`. */
export function parameter(c: Compilation, title: string): Constant {
  const given = c.options.parameters ?? [];
  if (title === '?') {
    const found = given[c.positional++];
    if (!found || found.name) throw invalidQuery(`Query parameter number ${c.positional} is not given.`);
    return parameterConstant(found, `number ${c.positional}`);
  }
  const found = given.find((each) => each.name?.toLowerCase() === title.toLowerCase());
  if (!found) throw invalidQuery(`Query parameter '${title}' not found`);
  return parameterConstant(found, title);
}
