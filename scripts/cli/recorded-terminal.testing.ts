import type { Terminal } from './terminal.ts';

/** A terminal that keeps what it is told, for tests. */
export interface RecordedTerminal extends Terminal {
  readonly text: string;
}

export function aTerminal(given: Partial<Omit<Terminal, 'write'>> = {}): RecordedTerminal {
  let text = '';
  return {
    live: false,
    colour: false,
    width: 80,
    height: 24,
    ...given,
    write: (more) => {
      text += more;
    },
    get text() {
      return text;
    },
  };
}
