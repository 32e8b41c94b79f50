import { randomUUID } from 'node:crypto';
import { ApiError } from './api-answer.ts';
import { UsageError } from './command.ts';
import { words } from './live-words.ts';
import { oneLine } from './one-line.ts';
import { readTyped, TypedError } from './read-typed.ts';
import type { CommandView, SessionApi, SnapshotView } from './session-api.ts';
import { duration, paint, type Terminal } from './terminal.ts';

/** A live session, of which somebody types the steps. */
export interface LiveTerminal {
  readonly session: SessionApi;
  /** Does what a line says and tells what came of it. Gives false where that was not well. @throws what is no trouble of the line's */
  type(line: string): Promise<boolean>;
  /** True once somebody wants to leave. */
  readonly over: boolean;
  leave(): void;
  write(text: string): void;
  showPage(): Promise<void>;
  showSuggestions(): void;
  showHistory(): void;
  showCommand(name: string): Promise<void>;
}

const marks = { passed: ['✔', 'green'], failed: ['✘', 'red'], error: ['✘', 'red'], skipped: ['-', 'dim'] } as const;

export function liveTerminal(session: SessionApi, terminal: Terminal): LiveTerminal {
  const history: { n: number; line: string; status: string }[] = [];
  let suggestions: CommandView['suggestions'] = [];
  let over = false;

  async function runStep(line: string): Promise<boolean> {
    const chosen = /^\d+$/.test(line) ? choose(Number(line)) : undefined;
    if (chosen) terminal.write(`${paint(terminal, 'dim', JSON.stringify(chosen))}\n`);
    let command = await session.send(chosen ?? readTyped(line), randomUUID());
    while (command.status === 'pending' || command.status === 'running') {
      terminal.write(paint(terminal, 'dim', '… waits for its turn, or for a browser\n'));
      command = await session.wait(command.n);
    }
    history.push({ n: command.n, line: chosen ? JSON.stringify(chosen) : line, status: command.status });
    suggestions = command.suggestions ?? suggestions;
    terminal.write(told(command, terminal));
    return command.status === 'passed' || command.status === 'skipped';
  }

  function choose(number: number): unknown {
    const suggestion = suggestions?.[number - 1];
    if (!suggestion) throw new TypedError(`There is no suggestion ${number}: 'suggest' lists them.`);
    return suggestion.step;
  }

  const live: LiveTerminal = {
    session,
    async type(given) {
      const line = given.trim();
      if (line === '' || line.startsWith('#')) return true;
      const [, name = '', operand = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
      try {
        const word = words.find((one) => one.name === name && (operand === '' || one.operands !== undefined));
        if (!word) return await runStep(line);
        await word.run(live, operand);
        return true;
      } catch (error) {
        if (!isOfLine(error)) throw error;
        const [first = '', ...more] = (error as Error).message.split('\n').map(oneLine);
        terminal.write([`${paint(terminal, 'red', 'error')}  ${first}`, ...more].map((one) => `${one}\n`).join(''));
        return false;
      }
    },
    get over() {
      return over;
    },
    leave: () => {
      over = true;
    },
    write: (text) => terminal.write(text),
    async showPage() {
      const { url, title, snapshot, tabs, notes, problems, dialog } = await session.page();
      const others = tabs.filter(({ active }) => !active).map((tab) => `  tab ${tab.url}`);
      const asked = dialog ? [`  a ${dialog.kind} is open: "${dialog.message}"`] : [];
      const more = [...others, ...asked, ...notes.map((note) => `  ${note}`), ...problems.map((one) => `  ${one}`)];
      terminal.write(`${paint(terminal, 'bold', oneLine(title))} ${paint(terminal, 'cyan', oneLine(url))}\n`);
      terminal.write([...more.map(oneLine), ...linesOf(snapshot, terminal)].map((line) => `${line}\n`).join(''));
    },
    showSuggestions() {
      const lines = (suggestions ?? []).map(
        ({ step, reason }, i) =>
          `${String(i + 1).padStart(3)}  ${oneLine(JSON.stringify(step))}  ${paint(terminal, 'dim', reason)}\n`,
      );
      terminal.write(lines.join('') || 'Nothing is suggested yet: do a step first.\n');
    },
    showHistory: () =>
      terminal.write(
        history.map(({ n, line, status }) => `${String(n).padStart(4)}  ${status.padEnd(7)} ${line}\n`).join(''),
      ),
    async showCommand(name) {
      // Loaded only now: it brings the whole vocabulary.
      const { showCommand } = await import('./vocabulary-words.ts');
      terminal.write(showCommand(name, terminal));
    },
  };
  return live;
}

/** What is wrong with a line is no end of the session; that it is gone, or may not be had, is. */
const isOfLine = (error: unknown): boolean =>
  error instanceof TypedError ||
  error instanceof UsageError ||
  (error instanceof ApiError && error.status !== undefined && ![401, 403, 404, 409].includes(error.status));

/** What people read of a command's result. What pages and their errors say is no order for a terminal. */
function told({ n, status, result, snapshot, resumed }: CommandView, terminal: Terminal): string {
  const [mark, style] = marks[status as keyof typeof marks] ?? ['·', 'dim'];
  const took = result ? paint(terminal, 'dim', ` ${duration(result.durationMs)}`) : '';
  const { error, value, notes = [], problems = [] } = result ?? {};
  const compared = status === 'failed' && result && 'actual' in result;
  const lines = [
    ...(resumed ? resumption(resumed) : []),
    ...(error ? error.message.split('\n') : []),
    ...(error?.hint ? [error.hint] : []),
    ...(compared ? [`expected ${JSON.stringify(result.expected)}, got ${JSON.stringify(result.actual)}`] : []),
    ...(value === undefined ? [] : [JSON.stringify(value)]),
    ...notes,
    ...problems,
  ];
  const head = `${paint(terminal, style, mark)} ${n} ${result?.command ?? ''}${took}`;
  const tree = snapshot ? linesOf(snapshot, terminal) : [];
  return [head, ...lines.map((line) => `  ${oneLine(line)}`), ...tree].map((line) => `${line}\n`).join('');
}

function resumption({ url, replayed, notReplayed, notes }: NonNullable<CommandView['resumed']>): string[] {
  const again = replayed.length > 0 ? `; done again: ${replayed.join(', ')}` : '';
  const not = notReplayed.length > 0 ? `; not done again: ${notReplayed.join(', ')}` : '';
  return [`another browser went on at ${url}${again}${not}`, ...notes];
}

/** A tree, line by line; of a difference, what came and what went. */
function linesOf({ kind, text, note }: SnapshotView, terminal: Terminal): string[] {
  const lines = text === '' ? [] : text.split('\n').map(oneLine);
  const colours = { '+': 'green', '-': 'red' } as const;
  const shown = lines.map((line) => {
    const style = kind === 'diff' ? colours[line[0] as keyof typeof colours] : undefined;
    return `    ${style ? paint(terminal, style, line) : line}`;
  });
  return [...shown, ...(note ? [`    ${paint(terminal, 'dim', note)}`] : [])];
}
