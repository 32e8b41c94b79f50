import type { RunReport } from '../../schemas/report.ts';
import { formatValue } from '../../shared/reports/format.ts';
import { sessionOutcomes } from '../../shared/reports/outcome.ts';
import { stepSentence } from '../../shared/reports/step-words.ts';
import { duration, paint, type Terminal } from './terminal.ts';

/** What a run came to: each test that did not pass with its first trouble, then the totals. */
export function summary(report: RunReport, terminal: Pick<Terminal, 'colour'>): string {
  const lines: string[] = [];
  for (const { session } of sessionOutcomes(report)) {
    if (session.status === 'passed') continue;
    lines.push('', `${paint(terminal, 'red', '✘')} ${paint(terminal, 'bold', session.testName)} ${session.status}`);
    lines.push(...troubleOf(session).map((line) => `    ${line}`));
  }
  const { totals, durationMs } = report.run;
  const counts = [
    paint(terminal, totals.passed > 0 ? 'green' : 'dim', `${totals.passed} passed`),
    ...(totals.failed > 0 ? [paint(terminal, 'red', `${totals.failed} failed`)] : []),
    ...(totals.error > 0 ? [paint(terminal, 'red', `${totals.error} could not be executed`)] : []),
  ];
  lines.push('', `${counts.join(', ')} · ${totals.steps} steps · ${duration(durationMs)}`);
  return `${lines.join('\n')}\n`;
}

type Session = RunReport['sessions'][number];

function troubleOf(session: Session): string[] {
  for (const checkpoint of session.checkpoints) {
    for (const [index, { step, result }] of checkpoint.steps.entries()) {
      if (result?.status !== 'failed' && result?.status !== 'error') continue;
      const { error, expected, actual } = result;
      return [
        `${checkpoint.name}, step ${index + 1}: ${stepSentence(step)}`,
        ...(error ? [error.message] : []),
        ...(expected === undefined ? [] : [`expected ${formatValue(expected)}`]),
        ...(actual === undefined ? [] : [`actual   ${formatValue(actual)}`]),
        ...(error?.hint ? [`hint: ${error.hint}`] : []),
      ];
    }
  }
  const { error } = session;
  return error ? [error.message, ...(error.hint ? [`hint: ${error.hint}`] : [])] : [];
}
