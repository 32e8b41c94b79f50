import { nearest } from '../../schemas/problems.ts';
import { fieldNamed, schemaOf, valueFieldOf } from './command-fields.ts';
import { commandWords, isGroup, type Meaning, meaningsOf } from './command-words.ts';
import { assemble, type ReadStep } from './draft.ts';
import { type Entry, entryOf, isNothing, kindOf, type Located, type Mapping, textAt } from './located.ts';
import type { Fields } from './read-shape.ts';
import type { Report } from './report.ts';
import { setField, setValue } from './step-fields.ts';
import { addOption, optionKeys } from './step-options.ts';
import { fold } from './suit-shape.ts';

/** Reads a step of the extended form: `{type, command, target, value, attribute, variable, description, meta}`. */
export function readTyped(item: Mapping, report: Report): ReadStep | undefined {
  const meaning = meaningOf(item, report);
  if (!meaning) return undefined;
  const { command } = meaning;
  const fields: Fields = new Map(Object.entries(meaning.fixed).map(([field, value]) => [field, { value, at: item }]));
  const options: Entry[] = [];
  for (const entry of item.entries) {
    if (entry.key === 'type' || entry.key === 'command') continue;
    if (isNothing(entry.value)) reportNothing(entry, report);
    else if (entry.key === 'meta') options.push(...readMeta(entry, report));
    else if (entry.key === 'description') options.push({ ...entry, key: 'label' });
    else if (!readField(command, entry, fields, report)) {
      if (optionKeys.includes(entry.key)) options.push(entry);
      else reportUnknown(command, entry, report);
    }
  }
  const read = assemble(command, fields, item);
  for (const option of options) addOption(read, option, report);
  return read;
}

function reportNothing({ key, at }: Entry, report: Report): void {
  report.error('missing-value', `'${key}' has no value`, at, 'Write a value after the colon, or remove the key.');
}

/** The command that `type` and `command` name together. */
function meaningOf(item: Mapping, report: Report): Meaning | undefined {
  const type = wordOf(item, 'type', report);
  const command = entryOf(item, 'command') ? wordOf(item, 'command', report) : '';
  if (type === undefined || command === undefined) return undefined;
  const at = entryOf(item, command ? 'command' : 'type')?.value ?? item;
  const rest = command.startsWith(`${type}.`) ? command.slice(type.length + 1) : command;
  const found = meaningsOf(rest ? [type, rest] : [type]);
  if (found.length === 0 && !rest && isGroup(type)) return byDefault(fold(type), item, at, report);
  return theOne(found, rest ? `${type}.${rest}` : type, at, report);
}

function wordOf(item: Mapping, key: string, report: Report): string | undefined {
  const entry = entryOf(item, key);
  if (entry?.value.kind === 'scalar' && entry.value.value !== null) return entry.value.written;
  report.error(
    'wrong-value',
    `'${key}' takes a word, not ${entry ? kindOf(entry.value) : 'nothing'}`,
    entry?.value ?? item,
    'Write type: interact and command: click.',
  );
  return undefined;
}

/** The one command that words mean. None, or several, are told. */
export function theOne(
  found: readonly Meaning[],
  said: string,
  at: Located | Mapping,
  report: Report,
): Meaning | undefined {
  const [first, second] = found;
  if (first && !second) return first;
  if (first) {
    const names = [...new Set(found.map(({ command }) => command))].join(' or ');
    report.error('ambiguous-command', `'${said}' can mean ${names}`, at, 'Name the group and the verb.');
    return undefined;
  }
  const name = said.trim().replace(/[.\s]+/, '.');
  report.error('unknown-command', `there is no command '${said}'`, at, hintFor(name));
  return undefined;
}

function hintFor(name: string): string {
  const [group = ''] = name.split('.');
  const near =
    nearest(name, commandWords) ?? nearest(name, [...new Set(commandWords.map((word) => word.split('.')[1] ?? ''))]);
  if (near) return `Did you mean '${near}'?`;
  const words = commandWords.filter((word) => word.startsWith(`${group}.`));
  return words.length > 0 ? `There are ${words.join(', ')}.` : 'The catalogue lists all commands.';
}

/** A group alone says enough where one of its commands is what people mean by it. */
function byDefault(group: string, item: Mapping, at: Located | Mapping, report: Report): Meaning | undefined {
  const has = (...keys: string[]): boolean => keys.some((key) => entryOf(item, key) !== undefined);
  const about = has('target', 'selector', 'element');
  const valued = has('value', 'text', 'variable', 'attribute');
  if (group === 'navigate') return { command: 'navigate.to', fixed: {} };
  if (group === 'wait' && about) return { command: 'wait.element', fixed: {} };
  if (group === 'wait' && valued) return { command: 'wait.time', fixed: {} };
  if (group === 'assert' && about && !valued) return { command: 'assert.exists', fixed: {} };
  const words = commandWords.filter((word) => word.startsWith(`${group}.`)).map((word) => word.slice(group.length + 1));
  report.error('missing-key', `'type: ${group}' needs a 'command'`, at, `One of ${words.join(', ')}.`);
  return undefined;
}

/** Reads a key that fills a field of the command. False when it fills none. */
export function readField(command: string, entry: Entry, fields: Fields, report: Report): boolean {
  const { key } = entry;
  const { properties } = schemaOf(command);
  const own = fieldNamed(command, key);
  if (own) return setValue(command, own, entry, fields, report);
  if (['target', 'selector', 'element'].includes(key))
    return setValue(command, 'target' in properties ? 'target' : valueFieldOf(command), entry, fields, report);
  if (key === 'value' || key === 'text') return setValue(command, valueFieldOf(command), entry, fields, report);
  if (key !== 'variable' || entry.value.kind !== 'scalar') return false;
  const field = command === 'assert.variable' ? 'name' : valueFieldOf(command);
  if (!field) return false;
  const name = entry.value.written.replace(/^\$/, '');
  setField(fields, field, field === 'name' ? name : `{{${name}}}`, { key, at: entry.value }, report);
  return true;
}

/** `meta`: options of the step; `critical` says whether the session stops where the step fails. */
function readMeta({ key, value }: Entry, report: Report): Entry[] {
  if (value.kind !== 'mapping') {
    report.error('wrong-value', `'${key}' is a mapping, not ${kindOf(value)}`, value, 'Write meta: {timeout: 5000}.');
    return [];
  }
  return value.entries.flatMap((entry): Entry[] => {
    if (entry.key === 'critical') return readCritical(entry, report);
    if (optionKeys.includes(entry.key)) return [entry];
    const near = nearest(entry.key, [...optionKeys, 'critical']);
    const [message, hint] =
      entry.key === 'poll_interval'
        ? ["'poll_interval' is not part of this version: pages are looked at all the time", 'Remove it.']
        : [
            `unknown key '${entry.key}' in '${key}'`,
            near ? `Did you mean '${near}'?` : `Known here: critical, ${optionKeys.join(', ')}.`,
          ];
    report.error(entry.key === 'poll_interval' ? 'unsupported-key' : 'unknown-key', message, entry.at, hint);
    return [];
  });
}

function readCritical({ key, at, value }: Entry, report: Report): Entry[] {
  if (value.kind === 'scalar' && typeof value.value === 'boolean')
    return [{ key: 'onFailure', at, value: textAt(value.value ? 'stop' : 'continue', value) }];
  report.error('wrong-value', `'${key}' takes true or false, not ${kindOf(value)}`, value, 'Write critical: false.');
  return [];
}

/** A key that the command does not have. */
export function reportUnknown(command: string, { key, at }: Entry, report: Report) {
  const known = Object.keys(schemaOf(command).properties);
  const near = nearest(key, [...known, ...optionKeys, 'description', 'meta']);
  const all = known.length > 0 ? `${command} has ${known.join(', ')}.` : `${command} has no fields.`;
  report.error('unknown-key', `unknown key '${key}' of ${command}`, at, near ? `Did you mean '${near}'?` : all);
}
