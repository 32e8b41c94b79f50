import { nearest } from '../../schemas/problems.ts';
import { type TestConfig, testConfig } from '../../schemas/test-definition.ts';
import { type Draft, remember } from './draft.ts';
import { type Entry, isNothing, kindOf, type Located, plain, yesOrNo } from './located.ts';
import { readShape } from './read-shape.ts';
import type { Report } from './report.ts';
import { size } from './shapes.ts';
import { suits } from './suit-shape.ts';

type Name = keyof TestConfig;

const canonical = Object.keys(testConfig.schema.properties) as Name[];

/** The canonical names, also in snake_case. */
const names: Readonly<Record<string, Name>> = Object.fromEntries(
  canonical.flatMap((name) => [
    [name, name],
    [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name],
  ]),
);

/** What else `config` may hold in the keyed forms. */
const otherNames: Readonly<Record<string, Name>> = {
  retry: 'retries',
  on_error: 'onFailure',
  continue_on_error: 'onFailure',
  default_timeout: 'timeout',
  timeout_default: 'timeout',
  screenshot_on_failure: 'screenshots',
  screenshot_on_error: 'screenshots',
};

/**
 * Reads `config` into the definition's.
 * @param elsewhere keys that belong to other parts of the definition, and their readers.
 */
export function readConfig(
  { value }: Entry,
  draft: Draft,
  elsewhere: Readonly<Record<string, (entry: Entry) => void>>,
  report: Report,
): void {
  if (value.kind !== 'mapping') {
    report.error(
      'wrong-value',
      `'config' is a mapping, not ${kindOf(value)}`,
      value,
      'Write config: {timeout: 30000}.',
    );
    return;
  }
  const config = draft.definition.config as Record<string, unknown>;
  const known = { ...names, ...otherNames };
  for (const entry of value.entries) {
    const name = Object.hasOwn(known, entry.key) ? known[entry.key] : undefined;
    const other = Object.hasOwn(elsewhere, entry.key) ? elsewhere[entry.key] : undefined;
    if (isNothing(entry.value))
      report.error('missing-value', `'${entry.key}' has no value`, entry.at, 'Write a value after the colon.');
    else if (other) other(entry);
    else if (!name) reportUnknown(entry, [...Object.keys(known), ...Object.keys(elsewhere)], report);
    else setConfig(config, name, entry, draft, report);
  }
}

function reportUnknown({ key, at }: Entry, known: readonly string[], report: Report): void {
  const near = nearest(key, known);
  report.error(
    'unknown-key',
    `unknown key '${key}' in 'config'`,
    at,
    near ? `Did you mean '${near}'?` : `Known here: ${canonical.join(', ')}.`,
  );
}

/** Sets one value, from `config` or from a key that says the same elsewhere. */
export function setConfig(
  config: Record<string, unknown>,
  name: Name,
  entry: Entry,
  draft: Draft,
  report: Report,
): void {
  if (Object.hasOwn(config, name)) {
    const hint = name === 'timeout' ? "Keep one of them; 'test_timeout' is the whole test's." : 'Keep one of them.';
    report.error('same-field', `'${entry.key}' says again what another key says already ('${name}')`, entry.at, hint);
    return;
  }
  config[name] = configValue(entry, report);
  remember(draft, config, name, entry.value);
}

function configValue({ key, value }: Entry, report: Report): unknown {
  const given = plain(value);
  const meant = typeof given === 'string' ? yesOrNo.get(given.toLowerCase()) : undefined;
  if (meant !== undefined && /^continue_on_|^screenshot_on_/.test(key))
    report.error('wrong-value', `'${key}' takes true or false, not ${kindOf(value)}`, value, `Write ${key}: ${meant}.`);
  if (typeof given === 'boolean' && key === 'continue_on_error') return given ? 'continue' : 'stop';
  if (typeof given === 'boolean' && /^screenshot_on_/.test(key)) return given ? 'failures' : 'none';
  if (key === 'viewport' && suits(size, value) > 0) return viewport(value, report);
  return value.kind === 'scalar' ? value.value : given;
}

function viewport(value: Located, report: Report): Record<string, unknown> {
  return Object.fromEntries(
    [...readShape(size, value, 'viewport', report)].map(([field, read]) => [field, read.value]),
  );
}
