import { stepOptions } from '../../schemas/step.ts';
import type { ReadStep } from './draft.ts';
import type { Entry } from './located.ts';
import { isNothing, plain } from './located.ts';
import type { FieldValue } from './read-shape.ts';
import type { Report } from './report.ts';

/** The names of the fields that every step takes, as the schema has them. */
export const optionNames: readonly string[] = Object.keys(stepOptions.properties);

/** Other names for them in the keyed forms. */
const otherNames: Readonly<Record<string, string>> = {
  timeout: 'timeoutMs',
  timeout_ms: 'timeoutMs',
  on_failure: 'onFailure',
  on_error: 'onFailure',
  continue_on_error: 'onFailure',
};

/** All names of step options in the keyed forms. */
export const optionKeys: readonly string[] = [...optionNames, ...Object.keys(otherNames)];

/** Reads an option that stands beside a step's action: its canonical name and value. */
export function readOption({ key, at, value }: Entry, report: Report): [string, FieldValue] | undefined {
  const name = otherNames[key] ?? key;
  if (isNothing(value)) {
    report.error('missing-value', `'${key}' has no value`, at, 'Write a value after the colon.');
    return undefined;
  }
  return [name, { value: optionValue(key, name, plain(value)), at: value }];
}

/** Adds an option to a step that was read. */
export function addOption(read: ReadStep | undefined, entry: Entry, report: Report): void {
  const option = readOption(entry, report);
  if (!option || !read) return;
  const [name, { value, at }] = option;
  if (Object.hasOwn(read.step, name))
    report.error('same-field', `'${entry.key}' says again what the step says already`, entry.at, 'Keep one of them.');
  read.step[name] = value;
  read.origin.fields.set(name, at);
}

function optionValue(key: string, name: string, given: unknown): unknown {
  if (key === 'continue_on_error' && typeof given === 'boolean') return given ? 'continue' : 'stop';
  if (name === 'retry' && typeof given === 'number') return { count: given };
  if (name === 'retry' && typeof given === 'object' && given !== null && 'delay' in given && !('delayMs' in given)) {
    const { delay, ...rest } = given;
    return { ...rest, delayMs: delay };
  }
  if (name === 'label') return typeof given === 'number' ? String(given) : given;
  return given;
}
