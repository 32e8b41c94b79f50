import { parseArgs } from 'node:util';
import { UsageError } from '../conformance/options.ts';
import { whole } from '../torture/options.ts';

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
  const text = { type: 'string' } as const;
  const options = { clients: text, seconds: text, help: { type: 'boolean', short: 'h' } } as const;
  let values: { clients?: string | undefined; seconds?: string | undefined; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\. |\n/)[0]}; --help lists the options.`);
  }
  if (values.help) return undefined;
  return {
    clients: whole('clients', values.clients, 10) ?? 200,
    seconds: whole('seconds', values.seconds, 1) ?? 60,
  };
}
