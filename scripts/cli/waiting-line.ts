import type { RunView } from './api-client.ts';
import { cut } from './one-line.ts';
import { duration, paint, type Terminal } from './terminal.ts';

export type Waiting = NonNullable<RunView['queued']>;

const reasons: Readonly<Record<Waiting['waitsFor'], string>> = {
  slot: 'Waits for another test of yours',
  browser: 'Waits for a browser',
};

/** Where a run stands that waits, and for about how long: never longer than the terminal is wide. */
export function waitingLine(
  { position, waitsFor, estimatedWaitMs }: Waiting,
  terminal: Pick<Terminal, 'colour' | 'width'>,
): string {
  const about = estimatedWaitMs === undefined ? '' : `, about ${duration(estimatedWaitMs)}`;
  const text = cut(`${reasons[waitsFor] ?? 'Waits'}: number ${position} in the queue${about}`, terminal.width - 3);
  return `  ${paint(terminal, 'dim', text)}`;
}
