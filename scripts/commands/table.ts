import type { Covered } from '../../shared/commands/testing/coverage.ts';

const sign = (shown: boolean | undefined): string => (shown === undefined ? '–' : shown ? '✓' : '✗');

/** The coverage as lines of text: a command a line. */
export function coverageTable(rows: readonly Covered[]): string {
  const width = Math.max(...rows.map(({ command }) => command.length));
  const line = (command: string, ...cells: string[]): string =>
    [command.padEnd(width), ...cells.map((cell) => cell.padEnd(5))].join('  ').trimEnd();
  return [
    line('command', 'pass', 'fail', 'error', 'options'),
    ...rows.map(({ command, pass, fail, error, options, unseen }) =>
      line(command, sign(pass), sign(fail), sign(error), optionsCell(options, unseen)),
    ),
  ].join('\n');
}

function optionsCell(options: readonly string[], unseen: readonly string[]): string {
  if (options.length === 0) return '–';
  const missing = unseen.length > 0 ? ` (not: ${unseen.join(', ')})` : '';
  return `${options.length - unseen.length}/${options.length}${missing}`;
}

/** What no test shows, in words. */
export function gaps(rows: readonly Covered[]): string[] {
  return rows.flatMap(({ command, pass, fail, error, unseen }) => [
    ...(pass === false ? [`${command} never passes`] : []),
    ...(fail === false ? [`${command} never fails`] : []),
    ...(error === false ? [`${command} never errs`] : []),
    ...unseen.map((option) => `${command}: nothing is seen of '${option}'`),
  ]);
}
