import { schemaOf } from './command-fields.ts';
import { isGroup, type Meaning, meaningsOf, wordsFor } from './command-words.ts';
import { assemble, type ReadStep } from './draft.ts';
import { type Entry, entryOf, isNothing, kindOf, type Located, type Mapping } from './located.ts';
import type { Fields } from './read-shape.ts';
import { readField, reportUnknown, theOne } from './read-typed.ts';
import type { Report } from './report.ts';
import { setValue } from './step-fields.ts';
import { addOption, optionKeys } from './step-options.ts';

/** A verb takes at most so many of the arguments: `["switch", "parent", "frame"]`. */
const LONGEST_VERB = 3;

interface Reading extends Meaning {
  readonly rest: readonly Located[];
  /** The fields that the arguments after the verb fill, in order; undefined where their number does not fit. */
  readonly fills: readonly string[] | undefined;
}

/** True for `{command: interact, args: […]}`; a step in canonical form has its fields beside the command. */
export function isJourneyStep(item: Mapping): boolean {
  const name = entryOf(item, 'command')?.value;
  if (!name) return false;
  const known = name.kind === 'scalar' && /^[a-z]+\.[a-z-]+$/.test(name.written);
  return !known || ['args', 'options'].some((key) => entryOf(item, key));
}

/** `{condition, then, else}` without a command is a branch. */
export function asBranch(item: Mapping): Mapping {
  if (entryOf(item, 'command') || !entryOf(item, 'condition')) return item;
  return {
    ...item,
    entries: item.entries.map((entry) => (entry.key === 'condition' ? { ...entry, key: 'if' } : entry)),
  };
}

/** What is tried stands below `try`, with the command or without it. */
const asField = (command: string, entry: Entry): Entry =>
  command === 'control.try' && entry.key === 'try' ? { ...entry, key: 'steps' } : entry;

/** Reads a step of the journey form: `{command, args[], options{}}`, the arguments in the order of the command line. */
export function readArguments(item: Mapping, report: Report): ReadStep | undefined {
  const args = listOf(item, report);
  const reading = args && readingOf(item, args, report);
  if (!reading) return undefined;
  const { command, fixed, rest, fills = [] } = reading;
  const fields: Fields = new Map(Object.entries(fixed).map(([field, value]) => [field, { value, at: item }]));
  rest.forEach((value, at) => {
    setValue(command, fills[at], { key: fills[at] ?? 'args', at: value, value }, fields, report);
  });
  const options: Entry[] = [];
  for (const entry of item.entries) {
    if (['command', 'args'].includes(entry.key)) continue;
    if (isNothing(entry.value))
      report.error('missing-value', `'${entry.key}' has no value`, entry.at, 'Write a value, or remove the key.');
    else if (entry.key === 'options') options.push(...readOptions(command, entry, fields, report));
    else if (entry.key === 'description') options.push({ ...entry, key: 'label' });
    else if (command.startsWith('control.') && readField(command, asField(command, entry), fields, report)) continue;
    else if (entry.key === 'condition') options.push({ ...entry, key: 'if' });
    else if (optionKeys.includes(entry.key)) options.push(entry);
    else reportUnknown(command, entry, report);
  }
  const read = assemble(command, fields, item);
  for (const option of options) addOption(read, option, report);
  return read;
}

function listOf(item: Mapping, report: Report): readonly Located[] | undefined {
  const args = entryOf(item, 'args');
  if (!args || isNothing(args.value)) return [];
  if (args.value.kind === 'scalar') return [args.value];
  if (args.value.kind === 'list') return args.value.items;
  report.error(
    'wrong-value',
    `'args' is a list, not ${kindOf(args.value)}`,
    args.value,
    'Write args: [click, Log in].',
  );
  return undefined;
}

/** The verb may be several arguments; what fits in two ways is told instead of guessed. */
function readingOf(item: Mapping, args: readonly Located[], report: Report): Reading | undefined {
  const name = entryOf(item, 'command')?.value;
  if (name?.kind !== 'scalar' || name.value === null) {
    report.error(
      'missing-key',
      "the step has no 'command'",
      name ?? item,
      'Write command: interact and args: [click, Log in].',
    );
    return undefined;
  }
  const words = args.flatMap((arg) => (arg.kind === 'scalar' ? [arg.written] : []));
  const readings: Reading[] = [];
  for (let verb = 0; verb <= Math.min(words.length, LONGEST_VERB); verb++)
    for (const meaning of meaningsOf([name.written, ...words.slice(0, verb)]))
      readings.push({ ...meaning, rest: args.slice(verb), fills: fillsOf(meaning, args.slice(verb)) });
  const fitting = readings.filter(({ fills }) => fills !== undefined);
  const [first, second] = fitting;
  const longest = readings.at(-1);
  if (first && second) reportTwo(fitting, args, item, report);
  else if (first) return first;
  else if (longest) reportNumber(longest, args, report);
  else
    theOne(
      [],
      [name.written, ...words.slice(0, 1)].join(' '),
      (isGroup(name.written) ? args[0] : undefined) ?? name,
      report,
    );
  return undefined;
}

function reportTwo(fitting: readonly Reading[], args: readonly Located[], item: Mapping, report: Report): void {
  const ways = fitting.map(({ command, rest }) => {
    const verb = args.slice(0, args.length - rest.length).map((arg) => (arg.kind === 'scalar' ? arg.written : ''));
    return `${command.split('.')[0]}.${verb.join('-') || command.split('.')[1]}`;
  });
  const message = 'the arguments can be read in two ways: where does the verb end?';
  report.error('ambiguous-arguments', message, item, `Write the verb as one word: ${ways.join(' or ')}.`);
}

function reportNumber({ command, rest, ...meaning }: Reading, args: readonly Located[], report: Report): void {
  const { all } = signatureOf({ command, ...meaning });
  const message = `${command} takes ${all.map((field) => field.toUpperCase()).join(' ') || 'no arguments'}; ${rest.length} are given`;
  const surplus = rest[all.length];
  const hint = surplus
    ? 'Remove what is left over (an id of a checkpoint is no argument), or put it into options: {name: value}.'
    : `Write args: [${[command.split('.')[1], ...all.map((field) => field.toUpperCase())].join(', ')}].`;
  report.error('wrong-arguments', message, surplus ?? args.at(-1) ?? { start: 0, end: 0 }, hint);
}

/** The order of the command line: the element, then what the command needs, in the order of its declaration. */
function signatureOf({ command, takes, fixed }: Meaning): { all: readonly string[]; least: number } {
  const { properties, required, oneOf = [] } = schemaOf(command);
  if (takes) return { all: takes, least: takes.length };
  const needed = required.filter((field) => field !== 'target' && !(field in fixed));
  const [alternative] = oneOf.flatMap((one) => one.required);
  const all = [
    ...(required.includes('target') || command === 'interact.write' ? ['target'] : []),
    ...needed,
    ...(alternative ? [alternative] : []),
    ...(command === 'dialog.prompt' ? ['text'] : []),
  ].filter((field) => field in properties && properties[field]?.holds === undefined);
  const spare = command === 'interact.write' || command === 'dialog.prompt' ? 1 : 0;
  return { all, least: all.length - spare };
}

/** The verbs by which arguments say these fields, each with the fields that are arguments. */
export function argumentsFor(command: string, fields: Readonly<Record<string, unknown>>) {
  return wordsFor(command).flatMap(({ verb, meaning }) => {
    const given = signatureOf(meaning).all.filter((field) => field in fields);
    const rest = signatureOf(meaning).all.length - given.length;
    return rest <= signatureOf(meaning).all.length - signatureOf(meaning).least ? [{ verb, fields: given }] : [];
  });
}

/** Which fields the arguments fill; two numbers may come as one text (`800x600`), the field with the focus needs no name. */
function fillsOf(meaning: Meaning, rest: readonly Located[]): readonly string[] | undefined {
  const { all, least } = signatureOf(meaning);
  if (
    rest.length === 1 &&
    all.length === 2 &&
    isPair(all) &&
    rest[0]?.kind === 'scalar' &&
    /[x×,]/i.test(rest[0].written)
  )
    return all.slice(0, 1);
  if (rest.length < least || rest.length > all.length) return undefined;
  return rest.length < all.length && all[0] === 'target' ? all.slice(all.length - rest.length) : all;
}

const isPair = ([a, b]: readonly string[]): boolean => (a === 'width' && b === 'height') || (a === 'x' && b === 'y');

/** `options`: fields of the command that are no arguments, and what every step takes. */
function readOptions(command: string, { key, value }: Entry, fields: Fields, report: Report): Entry[] {
  if (value.kind !== 'mapping') {
    report.error(
      'wrong-value',
      `'${key}' is a mapping, not ${kindOf(value)}`,
      value,
      'Write options: {position: TOP_LEFT}.',
    );
    return [];
  }
  return value.entries.flatMap((entry): Entry[] => {
    if (isNothing(entry.value))
      report.error('missing-value', `'${entry.key}' has no value`, entry.at, 'Write a value after the colon.');
    else if (readField(command, entry, fields, report)) return [];
    else if (optionKeys.includes(entry.key)) return [entry];
    else reportUnknown(command, entry, report);
    return [];
  });
}
