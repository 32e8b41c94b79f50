import { styleText } from 'node:util';

/** Where people read what the command line says. */
export interface Terminal {
  /** Lines can be redrawn. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Nobody reads. */
  readonly quiet?: boolean;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height?: number;
  write(text: string): void;
}

const listening = new WeakSet<NodeJS.WriteStream>();

/** @param options `quiet` says nothing at all: for `--json`. */
export function terminalOf(stream: NodeJS.WriteStream, options: { colour: boolean; quiet?: boolean }): Terminal {
  outliveReader(stream);
  const capable = stream.isTTY === true && process.env.TERM !== 'dumb';
  const quiet = options.quiet === true;
  return {
    live: capable && !quiet,
    colour: options.colour && capable && !process.env.NO_COLOR,
    quiet,
    get width() {
      return stream.columns || 100;
    },
    get height() {
      return stream.rows || 24;
    },
    write: (text) => void (quiet || stream.write(text)),
  };
}

/** Whoever read us may be gone (`virtuoso run … | head`): then nobody is left to tell, and the work goes on. */
function outliveReader(stream: NodeJS.WriteStream): void {
  if (listening.has(stream)) return;
  listening.add(stream);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

type Format = Parameters<typeof styleText>[0];

/** Text in a style, where colours are wanted. */
export const paint = (terminal: Pick<Terminal, 'colour'>, format: Format, text: string): string =>
  terminal.colour ? styleText(format, text, { validateStream: false }) : text;
