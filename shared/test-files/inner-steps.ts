import { findCommand } from '../commands/index.ts';
import type { ReadStep } from './draft.ts';
import { isNothing, kindOf, type Located, plain } from './located.ts';
import type { Report } from './report.ts';
import { quote } from './yaml-problems.ts';

interface FieldSchema {
  readonly holds?: 'steps' | 'condition';
  readonly minItems?: number;
}

/** The fields of a command, and of every step, that hold a condition. */
export function conditionFieldsOf(command: string): string[] {
  const own = Object.entries(schemasOf(command)).flatMap(([name, { holds }]) => (holds === 'condition' ? [name] : []));
  return [...own, 'if'];
}

const schemasOf = (command: string): Readonly<Record<string, FieldSchema>> =>
  (findCommand(command)?.fields.properties ?? {}) as Record<string, FieldSchema>;

/**
 * Reads what a step holds inside: its lists of steps, each as the form writes steps, and its conditions.
 * @param readOne reads one item of such a list.
 */
export function readInner(read: ReadStep, readOne: (item: Located) => ReadStep | undefined, report: Report): ReadStep {
  const { step, origin } = read;
  const schemas = schemasOf(step.command);
  const all: ReadStep[] = [];
  for (const [field, at] of origin.fields) {
    if (!('kind' in at)) continue;
    if (field === 'if' || schemas[field]?.holds === 'condition') step[field] = readCondition(field, at, report);
    if (schemas[field]?.holds !== 'steps') continue;
    const inner = readList(field, at, schemas[field], readOne, report);
    step[field] = inner.map((nested) => nested.step);
    all.push(...inner);
  }
  return all.length > 0 ? { ...read, inner: all } : read;
}

/** A condition is checked by its contract; what is no mapping cannot be one. */
function readCondition(field: string, value: Located, report: Report): unknown {
  if (value.kind !== 'mapping') {
    const hint = `Write {visible: ${value.kind === 'scalar' && value.written ? quote(value.written) : 'TARGET'}}.`;
    report.error('wrong-value', `'${field}' is a condition, a mapping, not ${kindOf(value)}`, value, hint);
  }
  return plain(value);
}

function readList(
  field: string,
  list: Located,
  { minItems = 0 }: FieldSchema,
  readOne: (item: Located) => ReadStep | undefined,
  report: Report,
): ReadStep[] {
  if (list.kind === 'list' && (list.items.length > 0 || minItems === 0))
    return list.items.flatMap((item) => readOne(item) ?? []);
  const hint = 'Write a dash before each step.';
  if (list.kind === 'list' || isNothing(list))
    report.error('empty-steps', `'${field}' has no steps`, list, 'Write at least one step.');
  else report.error('wrong-value', `'${field}' is a list of steps, not ${kindOf(list)}`, list, hint);
  return [];
}
