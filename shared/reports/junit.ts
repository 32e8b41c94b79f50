import type { ReportedCheckpoint, ReportedSession, ReportedStep, RunReport } from '../../schemas/report.ts';
import { isCause } from '../domain/verdict.ts';
import { formatDuration, formatValue, shorten } from './format.ts';
import { complaintOf, failuresOf, type SessionOutcome, sessionOutcomes, sparedWords, variantOf } from './outcome.ts';
import { stepSentence } from './step-words.ts';
import { element, type Xml, xmlDocument } from './xml.ts';

/** The text of a whole page is too much for CI systems; `results.json` has all of it. */
const LONGEST_VALUE = 10_000;

/**
 * The report as JUnit XML, as CI systems read it: a suite is a session, a case is a checkpoint. Of several attempts at a
 * test only the last one counts; what became of the earlier ones stands in its output.
 */
export function renderJunit(report: RunReport): string {
  const suites = sessionOutcomes(report)
    .filter((outcome) => !outcome.superseded)
    .map((outcome) => suite(outcome));
  if (report.run.error !== undefined) suites.push(runSuite(report.run, report.run.error));
  const sum = (count: (counts: Counts) => number): number =>
    suites.reduce((total, { counts }) => total + count(counts), 0);
  return xmlDocument(
    element(
      'testsuites',
      {
        name: report.run.id,
        tests: sum((counts) => counts.tests),
        failures: sum((counts) => counts.failures),
        errors: sum((counts) => counts.errors),
        skipped: sum((counts) => counts.skipped),
        time: seconds(report.run.durationMs),
        timestamp: report.run.startedAt,
      },
      suites.map(({ xml }) => xml),
    ),
  );
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function suite({ session, earlier }: SessionOutcome): { counts: Counts; xml: Xml } {
  const cases = session.checkpoints.map((checkpoint) => checkpointCase(session, checkpoint));
  const unlike = outcomeOf(session.status) === 'skipped' ? ['skipped'] : ['failure', 'error'];
  const told = session.status === 'passed' || cases.some(({ outcome }) => unlike.includes(outcome));
  if (cases.length === 0 || !told) cases.push(sessionCase(session));
  const counted = (outcome: Outcome): number => cases.filter((one) => one.outcome === outcome).length;
  const counts = {
    tests: cases.length,
    failures: counted('failure'),
    errors: counted('error'),
    skipped: counted('skipped'),
  };
  const output = earlier.map(attemptLine).join('\n');
  return {
    counts,
    xml: element(
      'testsuite',
      {
        name: title(session),
        id: session.id,
        ...counts,
        time: seconds(session.durationMs),
        timestamp: session.startedAt,
        file: session.file,
      },
      [properties(session), ...cases.map(({ xml }) => xml), output ? element('system-out', {}, [output]) : undefined],
    ),
  };
}

/** Stands for a run that was ended, or that never began: no test of it may say so. */
function runSuite({ id, durationMs }: RunReport['run'], message: string): { counts: Counts; xml: Xml } {
  const counts = { tests: 1, failures: 0, errors: 1, skipped: 0 };
  const error = element('error', { message, type: 'RunError' }, [message]);
  const one = element('testcase', { name: 'run', classname: id, time: seconds(durationMs) }, [error]);
  return { counts, xml: element('testsuite', { name: id, ...counts, time: seconds(durationMs) }, [one]) };
}

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

function checkpointCase(session: ReportedSession, checkpoint: ReportedCheckpoint): { outcome: Outcome; xml: Xml } {
  const broken = checkpoint.steps.filter(({ result }) => result && isCause(result));
  const outcome = outcomeOf(checkpoint.status);
  const lead = broken.find((step) => step.result?.status === checkpoint.status) ?? broken[0];
  const verdict =
    outcome === 'passed'
      ? undefined
      : outcome === 'skipped'
        ? element('skipped', { message: whyNot(session, checkpoint) })
        : element(
            outcome,
            {
              message: lead ? headline(lead) : checkpoint.status,
              type: lead?.result?.error?.type ?? 'AssertionFailed',
            },
            [broken.map(explain).join('\n\n')],
          );
  const output = checkpoint.steps.map(stepLine).join('\n');
  return {
    outcome,
    xml: element(
      'testcase',
      { name: checkpoint.name, classname: title(session), time: seconds(checkpoint.durationMs), file: session.file },
      [verdict, output ? element('system-out', {}, [output]) : undefined],
    ),
  };
}

const whyNot = (session: ReportedSession, { status }: ReportedCheckpoint): string =>
  status === 'skipped' ? status : session.status === 'cancelled' ? 'cancelled' : 'not reached';

/** Stands for a session that ended without a checkpoint to show for it. */
function sessionCase(session: ReportedSession): { outcome: Outcome; xml: Xml } {
  const outcome = outcomeOf(session.status);
  const message = session.error?.message ?? session.status;
  const verdict =
    outcome === 'passed'
      ? undefined
      : outcome === 'skipped'
        ? element('skipped', { message })
        : element(outcome, { message, type: session.error?.type ?? 'SessionError' }, [session.error?.hint ?? message]);
  const attributes = {
    name: 'session',
    classname: title(session),
    time: seconds(session.durationMs),
    file: session.file,
  };
  return { outcome, xml: element('testcase', attributes, [verdict]) };
}

function outcomeOf(status: string): Outcome {
  if (status === 'failed') return 'failure';
  if (status === 'error' || status === 'passed') return status;
  return status === 'expired' ? 'error' : 'skipped';
}

function title(session: ReportedSession): string {
  const row = variantOf({ ...session, attempt: 1 });
  return row ? `${session.testName} [${row}]` : session.testName;
}

function properties(session: ReportedSession): Xml {
  const values: [string, string | number | undefined][] = [
    ['session', session.id],
    ['run', session.runId],
    ['test', session.testId],
    ['attempt', session.attempt],
    ['browser', session.browser],
    ['baseUrl', session.baseUrl],
    ['tags', session.tags.join(', ') || undefined],
    ['trace', session.trace],
    ...Object.entries(session.row ?? {}).map(([column, value]): [string, string] => [
      `row.${column}`,
      formatValue(value),
    ]),
  ];
  const given = values.filter(([, value]) => value !== undefined);
  return element(
    'properties',
    {},
    given.map(([name, value]) => element('property', { name, value })),
  );
}

function attemptLine(session: ReportedSession): string {
  const failure = failuresOf(session)[0];
  const reason = failure ? headline(failure.step) : session.error?.message;
  return `Attempt ${session.attempt}: ${session.status}${reason ? ` — ${reason}` : ''} (${session.id})`;
}

function headline(step: ReportedStep): string {
  const message = complaintOf(step);
  return message ? `${stepSentence(step.step)}: ${message}` : stepSentence(step.step);
}

function explain(step: ReportedStep): string {
  const { result } = step;
  return [
    headline(step),
    result?.expected === undefined ? '' : `Expected: ${shorten(formatValue(result.expected), LONGEST_VALUE)}`,
    result?.actual === undefined ? '' : `Actual: ${shorten(formatValue(result.actual), LONGEST_VALUE)}`,
    result?.error?.hint ? `Hint: ${result.error.hint}` : '',
    ...(result?.problems ?? []),
    step.screenshot ? `Screenshot: ${step.screenshot.href}` : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function stepLine({ step, result, inside }: ReportedStep): string {
  const status = result?.status ?? 'not reached';
  const indent = inside ? `${'  '.repeat(inside.depth)}${inside.part}: ` : '';
  const spared = result?.spared ? `, ${sparedWords[result.spared]}` : '';
  return `${status.padEnd(7)} ${indent}${stepSentence(step)}${result ? ` (${formatDuration(result.durationMs)}${spared})` : ''}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
