import { unimplemented } from '../errors.ts';
import type { Class } from './classes.ts';
import type { DatePart } from './dates.ts';
import { apply } from './macros.ts';
import { typedLiteral } from './parameters.ts';
import { quote } from './reader.ts';

/** An expression as DuckDB's SQL, and what its rewriting needs to know of it. */
export interface Expression {
  readonly sql: string;
  /** The value of a string, a whole number or NULL that is a constant of the statement. */
  readonly value?: string | number | null;
  /** Its type, where that is known before DuckDB binds the statement. */
  readonly kind?: Class | undefined;
  /** Whether it is made by `||`, so that it can be joined with more. */
  readonly joined?: boolean;
  /** The names of the fields of a STRUCT, or of the STRUCTs in an array, where they are known. */
  readonly fields?: readonly string[];
  /** Whether it names no column, so that its value can be had before the query runs. */
  readonly constant: boolean;
  /** The path, when it is nothing but one: `t.a.b`. */
  readonly path?: readonly string[];
  /** Whether it cannot fail: columns, literals and parameters. */
  readonly sure?: boolean;
  /** Whether it is a number that is neither infinite nor NaN: a literal. */
  readonly finite?: boolean;
  /** The unit, when it is an INTERVAL. */
  readonly interval?: string;
  /** How many units it has, when it is an INTERVAL. */
  readonly units?: string;
  /** The column, when it is `DATE(column)`. */
  readonly datePath?: readonly string[];
  /** What must hold of columns where the expression is true: `WHERE` prunes partitions by it. */
  readonly holds?: readonly Comparison[];
  /** The SQL of one element of an array, the first being 0, when it can be had without the others. */
  readonly element?: (index: number) => string | undefined;
}

/** `column operator value`, where the value is a constant. */
export interface Comparison {
  readonly path: readonly string[];
  readonly operator: '=' | '<' | '<=' | '>' | '>=';
  /** SQL of DuckDB. */
  readonly value: string;
  /** The column is compared by its date: `DATE(column) = …`. */
  readonly byDate: boolean;
}

/** What a function's rule gets to see of its arguments. */
export interface Arguments {
  readonly list: readonly Expression[];
  /** The date part, in functions that take one. */
  readonly part?: DatePart;
  /** The interval, in functions that take one. */
  readonly interval?: Expression;
}

/** The SQL of an expression with a type of its own: in GoogleSQL a bare string is a STRING where nothing else is wanted. */
export function typed(expression: Expression): string {
  return typeof expression.value === 'string' ? `CAST(${expression.sql} AS VARCHAR)` : expression.sql;
}

/** Guards of an argument for which a STRING literal may stand. */
const LITERAL_OF: Readonly<Record<string, 'DATE' | 'DATETIME' | 'TIMESTAMP'>> = {
  day: 'DATE',
  civil: 'DATETIME',
  instant: 'TIMESTAMP',
};

/** Fills in a template: `$1` an argument, `#1` with its own type, `$*` and `#*` all of them, `$p` the interval. */
export function fill(template: string, { list, interval }: Arguments): string {
  const argument = (mark: string, which: string) => {
    const expression = list[Number(which) - 1];
    if (!expression) throw new Error(`the template ${template} names an argument that is not there`);
    return { sql: mark === '#' ? typed(expression) : expression.sql, kind: expression.kind, value: expression.value };
  };
  return template.replace(
    /bq_(\w+)\(([$#])(\d+)\)|([$#])(\*|\d+|i)/g,
    (_, macro: string | undefined, of: string, position: string, mark: string, which: string) => {
      if (macro) {
        const { sql, kind, value } = argument(of, position);
        const literal = typeof value === 'string' ? LITERAL_OF[macro] : undefined;
        if (literal) return typedLiteral(literal, String(value), 'an argument').sql;
        return apply(macro, sql, kind);
      }
      if (which === 'i') return interval?.sql ?? '';
      if (which !== '*') return argument(mark, which).sql;
      return list.map((each) => (mark === '#' ? typed(each) : each.sql)).join(', ');
    },
  );
}

/** The number of capturing groups of a constant regular expression; a BigQuery pattern may have one. */
export function capturing(pattern: Expression, form: string): number {
  if (typeof pattern.value !== 'string') throw unimplemented(`${form} with a computed pattern`);
  const groups = pattern.value.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]/g, '').match(/\((?!\?)|\(\?P?</g) ?? [];
  if (groups.length > 1) throw unimplemented(`${form} with more than one capturing group`);
  return groups.length;
}

const STEP = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\."([^"\\]*)"|\['([^'\\]*)'\]/y;

/** A JSONPath as DuckDB reads it. Names, quoted names and array positions are supported. */
export function jsonPath(path: Expression | undefined, form: string): string {
  if (!path) return "'$'";
  if (typeof path.value !== 'string' || !path.value.startsWith('$'))
    throw unimplemented(`${form} with a computed path`);
  let offset = 1;
  let result = '$';
  while (offset < path.value.length) {
    STEP.lastIndex = offset;
    const step = STEP.exec(path.value);
    if (!step) throw unimplemented(`${form} with the path ${path.value}`);
    result += step[2] === undefined ? `."${step[1] ?? step[3] ?? step[4]}"` : `[${step[2]}]`;
    offset += step[0].length;
  }
  return quote(result);
}
