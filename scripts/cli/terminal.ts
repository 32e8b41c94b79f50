import { styleText } from 'node:util';

/** Where people read what the command line says. */
export interface Terminal {
  /** Lines can be redrawn. */
  readonly live: boolean;
  readonly colour: boolean;
  readonly width: number;
  write(text: string): void;
}

/** @param quiet says nothing at all: for `--json`. */
export function terminalOf(stream: NodeJS.WriteStream, options: { colour: boolean; quiet?: boolean }): Terminal {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read us has gone (`virtuoso run … | head`): nobody is left to tell.
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    live: stream.isTTY === true && !options.quiet,
    colour: options.colour && stream.isTTY === true && !process.env.NO_COLOR,
    width: stream.columns ?? 100,
    write: (text) => void (options.quiet || stream.write(text)),
  };
}

type Format = Parameters<typeof styleText>[0];

/** Text in a style, where colours are wanted. */
export const paint = (terminal: Pick<Terminal, 'colour'>, format: Format, text: string): string =>
  terminal.colour ? styleText(format, text, { validateStream: false }) : text;

/** `850 ms`, `12.3 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
