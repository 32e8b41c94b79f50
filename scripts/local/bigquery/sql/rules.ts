import { invalidQuery } from '../errors.ts';
import { type Arguments, type Expression, fill } from './arguments.ts';

/** How one scalar function is rewritten. */
export interface ScalarRule {
  readonly least: number;
  readonly most: number;
  readonly write: (args: Arguments, form: string) => string;
  readonly part?: number;
  /** Whether the part may be left out. */
  readonly optional?: boolean;
  readonly interval?: number;
}

type Write = string | ((args: Arguments, form: string) => string);

/** A rule; `special` says which argument is a date part or an INTERVAL. */
export function scalar(
  least: number,
  most: number,
  write: Write,
  special: { part?: number; optional?: boolean; interval?: number } = {},
): ScalarRule {
  return { least, most, write: typeof write === 'string' ? (args) => fill(write, args) : write, ...special };
}

/** Templates by the number of arguments given. */
export function byCount(templates: Readonly<Record<number, string>>): ScalarRule {
  const counts = Object.keys(templates).map(Number);
  return scalar(Math.min(...counts), Math.max(...counts), (args, form) => {
    const template = templates[args.list.length];
    if (template === undefined) throw invalidQuery(`No matching signature for function ${form}`);
    return fill(template, args);
  });
}

/** As many arguments as one likes. */
export const MANY = 100;
/** An argument that is there. */
export function arg(args: Arguments, index: number): Expression {
  const expression = args.list[index];
  if (!expression) throw new Error(`argument ${index} was counted before`);
  return expression;
}
