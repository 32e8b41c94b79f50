import { priorities } from '../../schemas/priorities.ts';
import { CHAOS_HELP } from '../local/chaos/settings.ts';
import { createApiClient, type RunOptions } from './api-client.ts';
import { collectFiles } from './collect-files.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { INTERRUPTED, interruption } from './interruption.ts';
import { toldError } from './last-error.ts';
import { checkFiles, type ReadyTest } from './read-tests.ts';
import { type RunTestsOptions, runTests } from './run-tests.ts';
import { prepareReport } from './save-report.ts';
import { RunInterrupted, type RunOutcome } from './see-run.ts';
import { DEFAULT_PARALLEL, openTarget, readFaults, readRemote, remoteOptions, type Target } from './target.ts';
import { terminalOf } from './terminal.ts';
import { readCount, readDuration, readVariables } from './variables.ts';

export const run: CliCommand = {
  summary: 'Runs test files and shows how it goes. Without --url, in an embedded local cloud.',
  operands: 'FILES|FOLDERS…',
  options: {
    ...remoteOptions,
    url: { type: 'string', value: 'URL', description: 'Runs on this API instead. Or VIRTUOSO_URL.' },
    'base-url': { type: 'string', value: 'URL', description: 'Replaces the base URL of the tests.' },
    var: { type: 'string', value: 'NAME=VALUE', multiple: true, description: 'A variable of the tests.' },
    'env-file': { type: 'string', value: 'FILE', description: 'Variables as NAME=value lines.' },
    environment: {
      type: 'string',
      value: 'NAME',
      description: "A stored environment (POST /v1/environments), in place of the tests' own.",
    },
    'update-snapshots': { type: 'boolean', description: 'Writes the visual baselines of pages that have changed.' },
    tag: { type: 'string', value: 'TAG', multiple: true, description: 'Only tests with this tag.' },
    grep: { type: 'string', value: 'REGEX', description: 'Only tests whose name fits.' },
    parallel: {
      type: 'string',
      value: 'N',
      description: `Browsers at a time; default ${DEFAULT_PARALLEL} in the local cloud, with --url all that you may have.`,
    },
    priority: { type: 'string', value: 'high|normal|low', description: 'Which of your runs go first on an API.' },
    'time-limit': { type: 'string', value: 'DURATION', description: 'Ends the run that takes longer: 30s, 10m.' },
    'fail-fast': { type: 'boolean', short: 'x', description: 'Ends the run at the first test that fails.' },
    retries: { type: 'string', value: 'N', description: 'Tries a test that does not pass so many times more.' },
    timeout: { type: 'string', value: 'DURATION', description: 'Time of a step: 500ms, 30s, 2m.' },
    report: { type: 'string', value: 'DIR', description: 'Folder of the report; default virtuoso-report.' },
    junit: { type: 'string', value: 'FILE', description: 'Writes the JUnit XML there too.' },
    data: { type: 'string', value: 'DIR', description: "The local cloud's folder; default .virtuoso." },
    memory: { type: 'boolean', description: 'The local cloud forgets everything at its end.' },
    chaos: {
      type: 'string',
      value: 'FAULTS',
      description: `Makes faults in the local cloud on purpose: ${CHAOS_HELP}`,
    },
    json: { type: 'boolean', description: 'Prints the results as JSON, and nothing else, to standard output.' },
    headed: { type: 'boolean', description: 'Refused: a function has no screen. See the screenshots and the trace.' },
  },
  examples: [
    'virtuoso run hello.yaml',
    'virtuoso run tests/ --tag smoke --parallel 2',
    'virtuoso run tests/ --base-url http://localhost:3000 --var user=ada',
    'virtuoso run tests/ --url https://api.example.com --api-key "$VIRTUOSO_API_KEY" --junit junit.xml',
  ],
  run: runCommand,
};

async function runCommand(operands: readonly string[], values: Values): Promise<number> {
  if (values.headed)
    throw new UsageError(
      '--headed is not possible: a function has no screen. The report has a screenshot of every step, and a trace of what failed.',
    );
  const colour = !values['no-color'];
  const terminal = terminalOf(process.stdout, { colour, quiet: values.json === true });
  const problems = values.json ? terminalOf(process.stderr, { colour }) : terminal;
  const settings = await settingsOf(values);
  readRemote(values);
  readFaults(values);
  const { ready, wrong } = await checkFiles(await collectFiles(operands, settings.reportFolder), problems);
  const tests = selected(ready, values);
  if (ready.length === 0) throw new UsageError(`None of the ${wrong} file(s) can be run: see above.`);
  if (tests.length === 0) throw new UsageError('No test fits --tag and --grep.');
  await prepareReport({ folder: settings.reportFolder, ...(settings.junit ? { junit: settings.junit } : {}) });
  const { run, report } = await runOnTarget(values, { ...settings, tests, terminal, problems });
  if (!run) return INTERRUPTED;
  if (values.json) process.stdout.write(`${JSON.stringify(report ?? run, null, 2)}\n`);
  if (wrong > 0) problems.write(`${wrong} file(s) could not be run: see above.\n`);
  return run.status === 'passed' && wrong === 0 ? 0 : 1;
}

/** Runs the tests on the API that is named, or on a local cloud of our own. Without a run: it was interrupted. */
async function runOnTarget(
  values: Values,
  options: Omit<RunTestsOptions, 'signal'>,
): Promise<RunOutcome | { run?: undefined; report?: undefined }> {
  const { signal, release } = interruption();
  let target: Target | undefined;
  try {
    target = await openTarget(values);
    const outcome = await runTests(createApiClient(target.url, target.apiKey, signal), { ...options, signal });
    if (target.costLine) {
      // What is under way is counted when it ends.
      await target.close();
      options.terminal.write(target.costLine(outcome.report?.run.totals.steps ?? 0));
    }
    return outcome;
  } catch (error) {
    if (signal.aborted) {
      const started = target?.remote === true && error instanceof RunInterrupted;
      const fate = started ? ` The run ${error.cancelled ? 'is cancelled' : 'goes on'} at ${target?.url}.` : '';
      options.problems.write(`\nInterrupted.${fate}\n`);
      return {};
    }
    // Its log is there as a whole when it has ended.
    await target?.close();
    throw toldError(error, target?.failed);
  } finally {
    await target?.close(signal.aborted);
    release();
  }
}

/** As the API takes them: schemas/requests.ts. */
const STEP_TIME = { least: '1ms', most: '10m' };
const RUN_TIME = { least: '1s', most: '1440m' };

type Settings = Omit<RunTestsOptions, 'tests' | 'terminal' | 'problems' | 'signal'>;

async function settingsOf(values: Values): Promise<Settings> {
  const text = (name: string) => values[name] as string | undefined;
  const variables = await readVariables((values.var as string[] | undefined) ?? [], text('env-file'));
  const [baseUrl, retries, timeout, junit] = [text('base-url'), text('retries'), text('timeout'), text('junit')];
  const [environment, parallel, limit] = [text('environment'), text('parallel'), text('time-limit')];
  const priority = readPriority(text('priority'));
  if (baseUrl !== undefined && !(/^https?:\/\//.test(baseUrl) && URL.canParse(baseUrl)))
    throw new UsageError(`'--base-url ${baseUrl}' must be an address that begins with http:// or https://.`);
  return {
    reportFolder: text('report') ?? 'virtuoso-report',
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(retries === undefined ? {} : { retries: readCount(retries, 'retries', 0, 5) }),
    ...(timeout === undefined ? {} : { timeout: readDuration(timeout, 'timeout', STEP_TIME) }),
    ...(junit === undefined ? {} : { junit }),
    ...(environment === undefined ? {} : { environment }),
    // In the local cloud, there are no more browsers.
    ...(parallel === undefined || !readRemote(values) ? {} : { parallel: readCount(parallel, 'parallel', 1, 64) }),
    ...(priority === undefined ? {} : { priority }),
    ...(limit === undefined ? {} : { runTimeout: readDuration(limit, 'time-limit', RUN_TIME) }),
    ...(values['fail-fast'] ? { failFast: true } : {}),
    ...(values['update-snapshots'] ? { updateSnapshots: 'changed' } : {}),
  };
}

function readPriority(given: string | undefined): RunOptions['priority'] {
  const found = priorities.find((one) => one === given);
  if (given !== undefined && !found) throw new UsageError(`'--priority ${given}' must be ${priorities.join(', ')}.`);
  return found;
}

function selected(ready: readonly ReadyTest[], values: Values): ReadyTest[] {
  const tags = (values.tag as string[] | undefined) ?? [];
  const grep = patternOf(values.grep as string | undefined);
  return ready.filter(
    ({ definition }) =>
      (tags.length === 0 || tags.some((tag) => definition.tags.includes(tag))) && grep.test(definition.name),
  );
}

function patternOf(text: string | undefined): RegExp {
  try {
    return new RegExp(text ?? '', 'i');
  } catch (error) {
    throw new UsageError(`'--grep ${text}' is not a regular expression: ${(error as Error).message}.`);
  }
}
