import type { SessionView } from './api-client.ts';
import { cut, oneLine } from './one-line.ts';
import { duration, paint, type Terminal } from './terminal.ts';
import { type Waiting, waitingLine } from './waiting-line.ts';

const marks: Readonly<Record<string, { mark: string; style: Parameters<typeof paint>[1] }>> = {
  passed: { mark: '✔', style: 'green' },
  failed: { mark: '✘', style: 'red' },
  error: { mark: '✘', style: 'red' },
  running: { mark: '›', style: 'cyan' },
  queued: { mark: '·', style: 'dim' },
};
/** What is shown first where there is no room for all. */
const importance = ['running', 'idle', 'failed', 'error', 'queued', 'passed'];
const isOver = (session: SessionView): boolean => !['queued', 'running', 'idle'].includes(session.status);

/** Columns before the text, and one that stays empty: a full line wraps on some terminals. */
const MARGIN = 5;
/** Below so many columns for the name there is no time shown. */
const LEAST_ROOM = 10;

/** One line a test: its verdict, or what it is doing. Never longer than the terminal is wide. */
export function sessionLine(session: SessionView, now: number, terminal: Pick<Terminal, 'colour' | 'width'>): string {
  const { mark, style } = marks[session.status] ?? { mark: '-', style: 'dim' };
  const row = session.row ? ` (${Object.values(session.row).map(cell).join(', ')})` : '';
  const attempt = session.attempt > 1 ? ` attempt ${session.attempt}` : '';
  const { progress } = session;
  const doing =
    session.status === 'running' && progress
      ? ` ${progress.checkpoint}: ${progress.step} ${Math.min(progress.done + 1, progress.total)}/${progress.total}`
      : '';
  const took = timeOf(session, now);
  const time = terminal.width - MARGIN - took.length < LEAST_ROOM ? '' : took;
  const text = cut(oneLine(`${session.testName}${row}${attempt}${doing}`), terminal.width - MARGIN - time.length);
  return `  ${paint(terminal, style, mark)} ${text}${paint(terminal, 'dim', time)}`;
}

const cell = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function timeOf({ startedAt, endedAt }: SessionView, now: number): string {
  if (startedAt === undefined) return '';
  const until = endedAt === undefined ? now : Date.parse(endedAt);
  return ` ${duration(Math.max(0, until - Date.parse(startedAt)))}`;
}

/** Shows how a run goes: redrawn in place on a terminal, else a line when a test ends. */
export interface LiveView {
  /** @param waiting where the run stands while nothing of it has been begun */
  show(sessions: readonly SessionView[], waiting?: Waiting): void;
}

export function liveView(terminal: Terminal, now: () => number): LiveView {
  return terminal.live ? redrawn(terminal, now) : told(terminal, now);
}

function redrawn(terminal: Terminal, now: () => number): LiveView {
  let drawn = 0;
  return {
    show(sessions, waiting) {
      const head = waiting ? [waitingLine(waiting, terminal)] : [];
      const shown = sessions.filter((session) => !session.superseded);
      const lines = [...head, ...linesOf(shown, now(), terminal, terminal.height - 1 - head.length)];
      // Everything below is erased first: there may be fewer lines than before.
      const up = drawn > 0 ? `\u001b[${drawn}A\u001b[J` : '';
      terminal.write(up + lines.map((line) => `${line}\n`).join(''));
      drawn = lines.length;
    },
  };
}

/** As many lines as the terminal has room for: the cursor cannot go back above its first row. */
function linesOf(sessions: readonly SessionView[], now: number, terminal: Terminal, height: number): string[] {
  const lineOf = (session: SessionView) => sessionLine(session, now, terminal);
  const room = Math.max(1, height);
  if (sessions.length <= room) return sessions.map(lineOf);
  const rank = ({ status }: SessionView) => importance.indexOf(status);
  const ranked = sessions.toSorted((a, b) => rank(a) - rank(b));
  const shown = new Set(ranked.slice(0, room - 1));
  const rest = Map.groupBy(ranked.slice(room - 1), ({ status }) => status);
  const counts = [...rest].map(([status, { length }]) => `${length} ${status}`).join(', ');
  const more = paint(terminal, 'dim', cut(`    and ${counts}`, terminal.width - 1));
  return [...sessions.filter((session) => shown.has(session)).map(lineOf), more];
}

function told(terminal: Terminal, now: () => number): LiveView {
  const known = new Set<string>();
  let place: number | undefined;
  return {
    show(sessions, waiting) {
      if (waiting && waiting.position !== place) terminal.write(`${waitingLine(waiting, terminal)}\n`);
      place = waiting?.position ?? place;
      for (const session of sessions) {
        if (!isOver(session) || known.has(session.id)) continue;
        known.add(session.id);
        terminal.write(`${sessionLine(session, now(), terminal)}\n`);
      }
    },
  };
}
