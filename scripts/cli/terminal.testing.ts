import type { Terminal } from './terminal.ts';

/** A terminal that keeps what it is told, for tests. */
export function captured(given: Partial<Terminal> = {}): Terminal & { text(): string } {
  let told = '';
  return {
    ...{ live: false, colour: false, width: 80, height: 24 },
    ...given,
    write: (text) => {
      if (!given.quiet) told += text;
    },
    text: () => told,
  };
}
