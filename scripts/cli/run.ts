import { ApiError, createApiClient } from './api-client.ts';
import { collectFiles } from './collect-files.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { withInterrupt } from './interrupt.ts';
import { DEFAULT_DATA, DEFAULT_PARALLEL } from './local-cloud.ts';
import { checkFiles } from './read-tests.ts';
import { DEFAULT_REPORT, selectTests, settingsOf } from './run-settings.ts';
import { runTests } from './run-tests.ts';
import { openTarget, targetOf } from './target.ts';
import { terminalOf } from './terminal.ts';

export const run: CliCommand = {
  name: 'run',
  summary: 'Runs test files and shows how it goes. Without --url, in an embedded local cloud.',
  operands: 'FILES|FOLDERS…',
  options: {
    url: { type: 'string', value: 'URL', description: 'Runs on this API instead. Or VIRTUOSO_URL.' },
    'api-key': { type: 'string', value: 'KEY', description: 'Key of the API at --url. Or VIRTUOSO_API_KEY.' },
    'base-url': { type: 'string', value: 'URL', description: 'Replaces the base URL of the tests.' },
    var: { type: 'string', value: 'NAME=VALUE', multiple: true, description: 'A variable of the tests.' },
    'env-file': { type: 'string', value: 'FILE', description: 'Variables as NAME=value lines; --var overrules them.' },
    tag: { type: 'string', value: 'TAG', multiple: true, description: 'Only tests with this tag.' },
    grep: { type: 'string', value: 'REGEX', description: 'Only tests whose name fits, in upper or lower case.' },
    parallel: {
      type: 'string',
      value: 'N',
      description: `Browsers at a time in the local cloud; default ${DEFAULT_PARALLEL}.`,
    },
    retries: {
      type: 'string',
      value: 'N',
      description: 'Tries a test that does not pass so many times more, up to 5.',
    },
    timeout: { type: 'string', value: 'DURATION', description: 'Time of a step: 500ms, 30s, 2m, or milliseconds.' },
    report: { type: 'string', value: 'DIR', description: `Folder of the report; default ${DEFAULT_REPORT}.` },
    junit: { type: 'string', value: 'FILE', description: 'Writes the JUnit XML there too.' },
    data: { type: 'string', value: 'DIR', description: `The local cloud's folder; default ${DEFAULT_DATA}.` },
    memory: { type: 'boolean', description: 'The local cloud forgets everything at its end.' },
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
  const settings = await settingsOf(values);
  const target = targetOf(values);
  const colour = !values['no-color'];
  const terminal = terminalOf(process.stdout, { colour, quiet: values.json === true });
  const problems = values.json ? terminalOf(process.stderr, { colour }) : terminal;

  const { ready, wrong } = await checkFiles(await collectFiles(operands, { skip: settings.reportFolder }), problems);
  if (ready.length === 0)
    throw new UsageError(
      `${wrong === 1 ? 'The file' : `None of the ${wrong} files`} can${wrong === 1 ? 'not' : ''} be run: see above.`,
    );
  const tests = selectTests(ready, values);

  return await withInterrupt(problems, async (signal) => {
    let started: string | undefined;
    if (target.kind === 'local') terminal.write('Starting the local cloud…\n');
    const { url, apiKey, close } = await openTarget(target, values);
    try {
      const outcome = await runTests(createApiClient(url, apiKey, { signal }), {
        ...settings,
        ...{ tests, terminal, signal },
        onStart: (id) => {
          started = id;
        },
      });
      if (values.json) process.stdout.write(`${JSON.stringify(outcome.report ?? outcome.run, null, 2)}\n`);
      if (wrong > 0) problems.write(`${wrong} of the files could not be run: see above.\n`);
      return outcome.run.status === 'passed' && wrong === 0 ? 0 : 1;
    } catch (error) {
      if (signal.aborted && started && target.kind === 'api') problems.write(`${started} goes on at ${url}.\n`);
      throw error instanceof ApiError ? new UsageError(error.message, { cause: error }) : error;
    } finally {
      await close();
    }
  });
}
