import { readWholeNumbers } from '../whole-numbers.ts';

export const USAGE = `npm run load -- [--clients N] [--seconds N]

Clients of several users ask a local cloud with its rate limits on, some as fast as they can. Nothing may be answered with
an error but 429; who keeps to the limits is never refused, and who does not gets as much as the others who do not.
  --clients N  how many ask at the same time; 200 when absent
  --seconds N  for how long; 60 when absent
`;

/**
 * Reads the arguments of `npm run load`.
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): { clients: number; seconds: number } | undefined {
  const read = readWholeNumbers(args, { clients: 10, seconds: 1 });
  return read && { clients: read.clients ?? 200, seconds: read.seconds ?? 60 };
}
