import type { RunReport } from '../../schemas/report.ts';
import { formatDuration, formatValue, plural, shorten } from '../../shared/reports/format.ts';
import { failuresOf, sessionOutcomes, variantOf } from '../../shared/reports/outcome.ts';
import { stepSentence } from '../../shared/reports/step-words.ts';
import { paint, type Terminal } from './terminal.ts';
import { printable } from './terminal-text.ts';

const LONGEST_VALUE = 500;

/** What a run came to: each test that did not pass with its first trouble, then the totals. */
export function summary(report: RunReport, terminal: Pick<Terminal, 'colour'>): string {
  const outcomes = sessionOutcomes(report).filter(({ superseded }) => !superseded);
  const lines = outcomes.flatMap(({ session }) => (session.status === 'passed' ? [] : troubled(session, terminal)));
  const flaky = outcomes.filter((outcome) => outcome.flaky);
  if (flaky.length > 0) lines.push('', `${plural(flaky.length, 'test')} passed only when tried again:`);
  for (const { session } of flaky) lines.push(`    ${printable(session.testName)} (${variantOf(session)})`);
  const { totals, durationMs } = report.run;
  const counts = [
    paint(terminal, totals.passed > 0 ? 'green' : 'dim', `${totals.passed} passed`),
    ...(totals.failed > 0 ? [paint(terminal, 'red', `${totals.failed} failed`)] : []),
    ...(totals.error > 0 ? [paint(terminal, 'red', `${totals.error} could not be executed`)] : []),
  ];
  lines.push('', `${counts.join(', ')} · ${plural(totals.steps, 'step')} · ${formatDuration(durationMs)}`);
  return `${lines.join('\n')}\n`;
}

type Session = RunReport['sessions'][number];

function troubled(session: Session, terminal: Pick<Terminal, 'colour'>): string[] {
  const variant = variantOf(session);
  const name = paint(terminal, 'bold', printable(session.testName));
  const title = `${paint(terminal, 'red', '✘')} ${name}${variant ? ` (${printable(variant)})` : ''} ${session.status}`;
  return ['', title, ...troubleOf(session).flatMap((text) => text.split('\n').map((line) => `    ${printable(line)}`))];
}

function troubleOf(session: Session): string[] {
  const [failure] = failuresOf(session);
  if (!failure) return session.error ? complaint(session.error) : [];
  const { checkpoint, step } = failure;
  const { error, expected, actual } = step.result ?? {};
  return [
    `${checkpoint.name}, step ${checkpoint.steps.indexOf(step) + 1}: ${stepSentence(step.step)}`,
    ...(error ? [error.message] : []),
    ...(expected === undefined ? [] : [`expected ${shorten(formatValue(expected), LONGEST_VALUE)}`]),
    ...(actual === undefined ? [] : [`actual   ${shorten(formatValue(actual), LONGEST_VALUE)}`]),
    ...(error?.hint ? [`hint: ${error.hint}`] : []),
  ];
}

const complaint = ({ message, hint }: { message: string; hint?: string }): string[] => [
  message,
  ...(hint ? [`hint: ${hint}`] : []),
];
