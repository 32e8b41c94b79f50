import { type Draft, remember } from './draft.ts';
import type { FormDefinition, Role } from './forms.ts';
import { type Entry, entryOf, isNothing, kindOf, type Located, plain } from './located.ts';
import type { Block } from './read-blocks.ts';
import { readConfig, setConfig } from './read-config.ts';
import type { Report } from './report.ts';
import type { Files } from './take-in.ts';

/** What the readers of top-level keys share. */
export interface Top {
  readonly draft: Draft;
  readonly form: FormDefinition;
  readonly report: Report;
  /** Which key said what. */
  readonly said: Map<Role, Entry>;
  /** How files are had that this one takes in. */
  readonly files: Files;
  /** Steps that steps use by name. */
  readonly blocks: Map<string, Block>;
}

/** What a journey says of its steps' retries in `config`; they become options of the steps. */
export const retryKeys = ['retry_failed_steps', 'max_retry_count'] as const;

/** The text of a value; a number is taken as it is written. Anything else is reported. */
export function textOf({ key, value }: Entry, report: Report): string | undefined {
  if (value.kind === 'scalar' && value.value !== null)
    return typeof value.value === 'string' ? value.value : value.written;
  report.error('wrong-value', `'${key}' takes text, not ${kindOf(value)}`, value, `Write ${key}: text`);
  return undefined;
}

/** The address that relative ones join. */
export function readBase(entry: Entry, { draft, report }: Top): void {
  const base = textOf(entry, report);
  if (base === undefined) return;
  draft.definition.baseUrl = base;
  remember(draft, draft.definition, 'baseUrl', entry.value);
}

/** `tags`: a list, or one text with commas. `project: NAME` is kept as the tag `project:NAME`. */
export function readTags(entry: Entry, role: 'tags' | 'project', { draft, report }: Top): void {
  const { tags } = draft.definition;
  if (role === 'project') {
    const project = textOf(entry, report);
    if (project !== undefined) tags.push(`project:${project}`);
    return;
  }
  const { value } = entry;
  const items = value.kind === 'list' ? value.items : [value];
  for (const item of items) {
    const tag = textOf({ ...entry, value: item }, report);
    const several = value.kind === 'list' ? [tag ?? ''] : (tag ?? '').split(',');
    for (const name of several) if (name.trim() !== '') tags.push(name.trim());
  }
}

export function readConfigRole(entry: Entry, top: Top): void {
  const elsewhere: Record<string, (entry: Entry) => void> = {};
  if (top.form.name === 'journey') for (const key of retryKeys) elsewhere[key] = () => {};
  if (top.form.name !== 'compact')
    for (const key of ['base_url', 'baseUrl']) elsewhere[key] = (at) => once('base', at, top, () => readBase(at, top));
  readConfig(entry, top.draft, elsewhere, top.report);
}

/** Reads what may stand in two places, in one of them. */
function once(role: Role, entry: Entry, { said, report }: Top, read: () => void) {
  const before = said.get(role);
  if (before)
    return report.error(
      'same-field',
      `'${entry.key}' says again what '${before.key}' says`,
      entry.at,
      'Keep one of them.',
    );
  said.set(role, entry);
  read();
}

/** `infrastructure` of the simplified form: where and in what the test runs. */
export function readInfrastructure({ key, at, value }: Entry, top: Top) {
  const { draft, report } = top;
  const { definition } = draft;
  if (value.kind !== 'mapping')
    return report.error(
      'wrong-value',
      `'${key}' is a mapping, not ${kindOf(value)}`,
      at,
      'Write infrastructure: {starting_url: …}.',
    );
  const readers: Record<string, (entry: Entry) => void> = {
    starting_url: (entry) => once('start', entry, top, () => {}),
    base_url: (entry) => once('base', entry, top, () => readBase(entry, top)),
    environment: (entry) =>
      once('environment', entry, top, () => {
        const environment = textOf(entry, report);
        if (environment !== undefined) definition.environment = environment;
      }),
    project: (entry) => once('project', entry, top, () => readTags(entry, 'project', top)),
    browser: (entry) => setConfig(definition.config, 'browser', entry, draft, report),
    viewport: (entry) => setConfig(definition.config, 'viewport', entry, draft, report),
    ...(top.form.name === 'extended' ? purposeOf(top) : {}),
  };
  for (const entry of value.entries) {
    const reader = Object.hasOwn(readers, entry.key) ? readers[entry.key] : undefined;
    if (!reader)
      report.error(
        'unknown-key',
        `unknown key '${entry.key}' in '${key}'`,
        entry.at,
        `Known here: ${Object.keys(readers).join(', ')}.`,
      );
    else if (isNothing(entry.value))
      report.error('missing-value', `'${entry.key}' has no value`, entry.at, 'Write a value after the colon.');
    else reader(entry);
  }
}

/** What an extended test is for: `goal` is kept in the description, `journey: NAME` as the tag `journey:NAME`. */
function purposeOf({ draft: { definition }, report }: Top): Record<string, (entry: Entry) => void> {
  return {
    goal: (entry) => {
      const goal = textOf(entry, report);
      const before = definition.description ? `${definition.description}\n` : '';
      if (goal !== undefined) definition.description = `${before}Goal: ${goal}`;
    },
    journey: (entry) => {
      const journey = textOf(entry, report);
      if (journey !== undefined) definition.tags.push(`journey:${journey}`);
    },
  };
}

/** Variables: a mapping of names to values, or a list of {name, value}. */
export function readVariables({ key, value }: Entry, { draft, report }: Top) {
  const { variables } = draft.definition;
  const set = (name: string, given: Located, at: Entry['at']) => {
    if (Object.hasOwn(variables, name))
      return report.error('duplicate-key', `the variable '${name}' is set twice`, at, 'Keep one of them.');
    Object.defineProperty(variables, name, {
      value: plain(given),
      enumerable: true,
      writable: true,
      configurable: true,
    });
    remember(draft, variables, name, at);
  };
  if (value.kind === 'mapping') for (const entry of value.entries) set(entry.key, entry.value, entry.at);
  else if (value.kind === 'list') for (const item of value.items) readListed(item, set, report);
  else report.error('wrong-value', `'${key}' does not take ${kindOf(value)}`, value, `Write ${key}: {name: value}.`);
}

function readListed(item: Located, set: (name: string, value: Located, at: Entry['at']) => void, report: Report) {
  const name = entryOf(item, 'name')?.value;
  const value = entryOf(item, 'value')?.value;
  if (item.kind !== 'mapping' || name?.kind !== 'scalar' || name.value === null || !value)
    return report.error(
      'wrong-value',
      'a listed variable has a name and a value',
      item,
      'Write - {name: user, value: ada}.',
    );
  for (const entry of item.entries)
    if (entry.key !== 'name' && entry.key !== 'value')
      report.error('unknown-key', `unknown key '${entry.key}' of a variable`, entry.at, 'Known here: name, value.');
  set(name.written, value, name);
}
