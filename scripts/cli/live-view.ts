import { formatDuration } from '../../shared/reports/format.ts';
import type { SessionView } from './api-client.ts';
import { paint, type Terminal } from './terminal.ts';
import { cut, printable } from './terminal-text.ts';

type Style = Parameters<typeof paint>[1];
const marks: Readonly<Record<string, { mark: string; style: Style }>> = {
  passed: { mark: '✔', style: 'green' },
  failed: { mark: '✘', style: 'red' },
  error: { mark: '✘', style: 'red' },
  running: { mark: '›', style: 'cyan' },
  queued: { mark: '·', style: 'dim' },
};
/** What people want to see first, when there is no room for all. */
const order = ['running', 'idle', 'failed', 'error', 'queued', 'cancelled', 'expired', 'closed', 'passed'];
const isOver = ({ status }: SessionView): boolean => !['queued', 'running', 'idle'].includes(status);

/** One line a test: its verdict, or what it is doing. */
export function sessionLine(session: SessionView, now: number, terminal: Pick<Terminal, 'colour' | 'width'>): string {
  const { mark, style } = marks[session.status] ?? { mark: '-', style: 'dim' };
  const row = session.row ? ` (${Object.values(session.row).map(String).join(', ')})` : '';
  const attempt = session.attempt > 1 ? ` attempt ${session.attempt}` : '';
  const time = timeOf(session, now);
  const { progress } = session;
  const step = progress && `${progress.checkpoint}: ${progress.step} ${progress.done + 1}/${progress.total}`;
  const doing = session.status === 'running' && step ? ` ${step}` : '';
  const text = cut(
    printable(`${session.testName}${row}${attempt}${doing}`),
    Math.max(10, terminal.width - time.length - 5),
  );
  return `  ${paint(terminal, style, mark)} ${text}${paint(terminal, 'dim', time)}`;
}

function timeOf({ startedAt, endedAt }: SessionView, now: number): string {
  if (startedAt === undefined) return '';
  return ` ${formatDuration(Math.max(0, (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt)))}`;
}

/** The lines of a run's tests; when a terminal has no room for all, those that matter most, and how many there are more. */
export function sessionLines(
  sessions: readonly SessionView[],
  now: number,
  terminal: Pick<Terminal, 'colour' | 'width' | 'height'>,
): string[] {
  const current = sessions.filter((session) => !session.superseded);
  // One row is the cursor's.
  const room = Math.max(2, (terminal.height ?? 24) - 1);
  if (current.length <= room) return current.map((session) => sessionLine(session, now, terminal));
  const rank = ({ status }: SessionView) => order.indexOf(status);
  const ranked = current.toSorted((a, b) => rank(a) - rank(b));
  const shown = new Set(ranked.slice(0, room - 1));
  const rest = Map.groupBy(ranked.slice(room - 1), ({ status }) => status);
  const counts = [...rest].map(([status, { length }]) => `${length} ${status}`).join(', ');
  return [
    ...current.filter((session) => shown.has(session)).map((session) => sessionLine(session, now, terminal)),
    paint(terminal, 'dim', `    and ${counts}`),
  ];
}

/** Shows how a run goes. */
export interface LiveView {
  show(sessions: readonly SessionView[]): void;
}

/** A view for a terminal: redrawn in place where lines can be, else a line when a test ends. */
export function liveView(terminal: Terminal, now: () => number): LiveView {
  return terminal.live ? redrawn(terminal, now) : oneByOne(terminal, now);
}

function redrawn(terminal: Terminal, now: () => number): LiveView {
  let drawn = 0;
  return {
    show(sessions) {
      const lines = sessionLines(sessions, now(), terminal);
      // Up to the first line, then everything below anew: there may be fewer lines than before.
      const back = drawn > 0 ? `\u001B[${drawn}A\u001B[J` : '';
      terminal.write(`${back}${lines.map((line) => `${line}\n`).join('')}`);
      drawn = lines.length;
    },
  };
}

function oneByOne(terminal: Terminal, now: () => number): LiveView {
  const told = new Set<string>();
  return {
    show(sessions) {
      for (const session of sessions) {
        if (!isOver(session) || told.has(session.id)) continue;
        told.add(session.id);
        terminal.write(
          `${sessionLine(session, now(), { colour: terminal.colour, width: Number.POSITIVE_INFINITY })}\n`,
        );
      }
    },
  };
}
