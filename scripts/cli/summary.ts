import type { RunReport } from '../../schemas/report.ts';
import { formatValue, shorten } from '../../shared/reports/format.ts';
import { cancelledOf, sessionOutcomes, variantOf } from '../../shared/reports/outcome.ts';
import { stepSentence } from '../../shared/reports/step-words.ts';
import { oneLine } from './one-line.ts';
import { duration, paint, type Terminal } from './terminal.ts';

/** As many characters of a value are shown. */
const LONGEST_VALUE = 500;

/** What a run came to: each test that did not pass with its first trouble, then the totals. */
export function summary(report: RunReport, terminal: Pick<Terminal, 'colour'>): string {
  const lines: string[] = [];
  const { totals, durationMs, stoppedBy, error } = report.run;
  const outcomes = sessionOutcomes(report).filter(({ superseded }) => !superseded);
  for (const { session, flaky, earlier } of outcomes) {
    if (session.status === 'passed' && !flaky) continue;
    // What a failure spared is only counted.
    if (session.status === 'cancelled' && (stoppedBy ?? error) !== undefined) continue;
    const mark = flaky ? paint(terminal, 'yellow', '!') : paint(terminal, 'red', '✘');
    const row = variantOf({ ...session, attempt: 1 });
    const name = oneLine(`${session.testName}${row === '' ? '' : ` (${row})`}`);
    const verdict = flaky ? `passed at attempt ${session.attempt}; before:` : session.status;
    lines.push('', `${mark} ${paint(terminal, 'bold', name)} ${verdict}`);
    lines.push(...troubleOf(flaky ? (earlier.at(-1) ?? session) : session).map((line) => `    ${line}`));
  }
  const cancelled = cancelledOf(outcomes);
  const counts = [
    paint(terminal, totals.passed > 0 ? 'green' : 'dim', `${totals.passed} passed`),
    ...(totals.failed > 0 ? [paint(terminal, 'red', `${totals.failed} failed`)] : []),
    ...(totals.error > 0 ? [paint(terminal, 'red', `${totals.error} could not be executed`)] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  if (stoppedBy !== undefined)
    lines.push('', `Stopped at the first failure, of '${oneLine(stoppedBy)}' (--fail-fast).`);
  if (error !== undefined) lines.push('', paint(terminal, 'red', oneLine(error)));
  lines.push('', `${counts.join(', ')} · ${totals.steps} steps · ${duration(durationMs)}`);
  return `${lines.join('\n')}\n`;
}

type Session = RunReport['sessions'][number];

/** The first trouble, a line for each of its sentences. */
const troubleOf = (session: Session): string[] => sentencesOf(session).flatMap((text) => text.split('\n').map(oneLine));

function sentencesOf(session: Session): string[] {
  for (const checkpoint of session.checkpoints) {
    for (const [index, { step, result }] of checkpoint.steps.entries()) {
      if (result?.status !== 'failed' && result?.status !== 'error') continue;
      const { error, expected, actual } = result;
      return [
        `${checkpoint.name}, step ${index + 1}: ${stepSentence(step)}`,
        ...(error ? [error.message] : []),
        ...(expected === undefined ? [] : [`expected ${shorten(formatValue(expected), LONGEST_VALUE)}`]),
        ...(actual === undefined ? [] : [`actual   ${shorten(formatValue(actual), LONGEST_VALUE)}`]),
        ...(error?.hint ? [`hint: ${error.hint}`] : []),
      ];
    }
  }
  const { error } = session;
  return error ? [error.message, ...(error.hint ? [`hint: ${error.hint}`] : [])] : [];
}
