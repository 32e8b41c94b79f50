import { UsageError, type Values } from './command.ts';
import type { ReadyTest } from './read-tests.ts';
import type { RunTestsOptions } from './run-tests.ts';
import { readCount, readDuration, readUrl, readVariables } from './variables.ts';

export const DEFAULT_REPORT = 'virtuoso-report';
/** As many as the API takes in one run. */
const MOST_TESTS = 1000;
const LONGEST_TIMEOUT_MS = 600_000;

export type RunSettings = Omit<RunTestsOptions, 'tests' | 'terminal' | 'signal'>;

/** What the options say of how tests are run and where the report goes. @throws UsageError */
export async function settingsOf(values: Values): Promise<RunSettings> {
  const text = (name: string) => values[name] as string | undefined;
  const [baseUrl, retries, timeout, junit] = [text('base-url'), text('retries'), text('timeout'), text('junit')];
  const variables = await readVariables((values.var as string[] | undefined) ?? [], text('env-file'));
  return {
    reportFolder: text('report') || DEFAULT_REPORT,
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
    ...(baseUrl === undefined ? {} : { baseUrl: readUrl(baseUrl, 'base-url') }),
    ...(retries === undefined ? {} : { retries: readCount(retries, 'retries', 0, 5) }),
    ...(timeout === undefined ? {} : { timeout: readDuration(timeout, 'timeout', LONGEST_TIMEOUT_MS) }),
    ...(junit === undefined ? {} : { junit }),
  };
}

/** The tests with one of the tags, whose name fits. @throws UsageError when there is none, or there are too many. */
export function selectTests(ready: readonly ReadyTest[], values: Values): ReadyTest[] {
  const tags = (values.tag as string[] | undefined) ?? [];
  const grep = patternOf(values.grep as string | undefined);
  const selected = ready.filter(
    ({ definition }) =>
      (tags.length === 0 || tags.some((tag) => definition.tags.includes(tag))) && grep.test(definition.name),
  );
  if (selected.length === 0) throw new UsageError(`No test fits ${filters(values)}: ${known(ready, tags)}.`);
  if (selected.length > MOST_TESTS)
    throw new UsageError(`A run has at most ${MOST_TESTS} tests, these are ${selected.length}: choose by --tag.`);
  return selected;
}

function filters(values: Values): string {
  return ['tag', 'grep']
    .flatMap((name) => (values[name] === undefined ? [] : [`--${name} ${values[name]}`]))
    .join(' and ');
}

function known(ready: readonly ReadyTest[], asked: readonly string[]): string {
  const tags = [...new Set(ready.flatMap(({ definition }) => definition.tags))].sort();
  const names = ready.slice(0, 5).map(({ definition }) => `'${definition.name}'`);
  if (asked.length === 0)
    return `there ${ready.length === 1 ? 'is' : 'are'} ${names.join(', ')}${ready.length > 5 ? ' …' : ''}`;
  return tags.length > 0 ? `there are the tags ${tags.join(', ')}` : 'no test has a tag';
}

function patternOf(text: string | undefined): RegExp {
  try {
    return new RegExp(text ?? '', 'i');
  } catch (error) {
    throw new UsageError(`'--grep ${text}' is not a regular expression: ${(error as Error).message}.`);
  }
}
