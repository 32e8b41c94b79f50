import type { SessionView } from './api-client.ts';
import { duration, paint, type Terminal } from './terminal.ts';

const marks: Readonly<Record<string, { mark: string; style: Parameters<typeof paint>[1] }>> = {
  passed: { mark: '✔', style: 'green' },
  failed: { mark: '✘', style: 'red' },
  error: { mark: '✘', style: 'red' },
  running: { mark: '›', style: 'cyan' },
  queued: { mark: '·', style: 'dim' },
};
const isOver = (session: SessionView): boolean => !['queued', 'running', 'idle'].includes(session.status);

/** One line a test: its verdict, or what it is doing. */
export function sessionLine(session: SessionView, now: number, terminal: Pick<Terminal, 'colour' | 'width'>): string {
  const { mark, style } = marks[session.status] ?? { mark: '-', style: 'dim' };
  const row = session.row ? ` (${Object.values(session.row).map(String).join(', ')})` : '';
  const attempt = session.attempt > 1 ? ` attempt ${session.attempt}` : '';
  const since = session.startedAt ? Date.parse(session.startedAt) : undefined;
  const until = session.endedAt ? Date.parse(session.endedAt) : now;
  const time = since === undefined ? '' : ` ${duration(Math.max(0, until - since))}`;
  const { progress } = session;
  const doing =
    session.status === 'running' && progress
      ? ` ${progress.checkpoint}: ${progress.step} ${progress.done + 1}/${progress.total}`
      : '';
  const text = `${session.testName}${row}${attempt}${doing}`;
  const room = Math.max(10, terminal.width - time.length - 4);
  const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
  return `  ${paint(terminal, style, mark)} ${shown}${paint(terminal, 'dim', time)}`;
}

/** Shows how a run goes: redrawn in place on a terminal, else a line when a test ends. */
export interface LiveView {
  show(sessions: readonly SessionView[]): void;
}

export function liveView(terminal: Terminal, now: () => number): LiveView {
  let drawn = 0;
  const told = new Set<string>();
  return {
    show(sessions) {
      const visible = sessions.filter((session) => !session.superseded);
      if (!terminal.live) {
        for (const session of sessions) {
          if (!isOver(session) || told.has(session.id)) continue;
          told.add(session.id);
          terminal.write(`${sessionLine(session, now(), terminal)}\n`);
        }
        return;
      }
      const up = drawn > 0 ? `\u001b[${drawn}A` : '';
      const lines = visible.map((session) => `\u001b[2K${sessionLine(session, now(), terminal)}\n`);
      terminal.write(up + lines.join(''));
      drawn = visible.length;
    },
  };
}
