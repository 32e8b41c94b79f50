import { styleText } from 'node:util';

/** Where people read what the command line says. */
export interface Terminal {
  /** Lines can be redrawn. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Columns; without end where nothing wraps. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  write(text: string): void;
}

/** @param options `quiet` says nothing at all: for `--json`. */
export function terminalOf(stream: NodeJS.WriteStream, options: { colour: boolean; quiet?: boolean }): Terminal {
  outliveReader(stream);
  const isTerminal = stream.isTTY === true && process.env.TERM !== 'dumb';
  return {
    live: isTerminal && !options.quiet,
    colour: options.colour && isTerminal && !process.env.NO_COLOR,
    // Asked anew each time: people change the size of their windows.
    get width() {
      return stream.columns || (isTerminal ? 80 : Number.POSITIVE_INFINITY);
    },
    get height() {
      return stream.rows || 24;
    },
    write: (text) => void (options.quiet || stream.write(text)),
  };
}

const outliving = new WeakSet<NodeJS.WriteStream>();

/** Whoever read us may have gone (`virtuoso run … | head`): nobody is left to tell, and the work goes on. */
export function outliveReader(stream: NodeJS.WriteStream): void {
  if (outliving.has(stream)) return;
  outliving.add(stream);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

type Format = Parameters<typeof styleText>[0];

/** Text in a style, where colours are wanted. */
export const paint = (terminal: Pick<Terminal, 'colour'>, format: Format, text: string): string =>
  terminal.colour ? styleText(format, text, { validateStream: false }) : text;

/** `850 ms`, `12.3 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
