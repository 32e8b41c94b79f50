import { UsageError, type Values } from './command.ts';
import { startLocalCloud } from './local-cloud.ts';
import { readUrl } from './variables.ts';

/** Where tests are to run: an API there is, or a local cloud of our own. */
export type Target =
  | { readonly kind: 'local' }
  | { readonly kind: 'api'; readonly url: string; readonly apiKey: string };

/** What can be talked to, until it is closed. */
export interface OpenTarget {
  readonly url: string;
  readonly apiKey: string;
  close(): Promise<void>;
}

/** Options that only the local cloud has. */
const LOCAL = ['parallel', 'data', 'memory'];

/** What the options and the environment say of where tests are to run. @throws UsageError */
export function targetOf(
  values: Values,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Target {
  const url = (values.url as string | undefined) ?? (environment.VIRTUOSO_URL || undefined);
  if (url === undefined) {
    if (values['api-key'] === undefined) return { kind: 'local' };
    throw new UsageError('--api-key needs the address of the API: give --url or set VIRTUOSO_URL.');
  }
  const from = values.url === undefined ? 'VIRTUOSO_URL' : '--url';
  const local = LOCAL.find((name) => values[name] !== undefined);
  if (local) throw new UsageError(`--${local} is the local cloud's, and ${from} names an API: give one of them.`);
  const apiKey = (values['api-key'] as string | undefined) ?? environment.VIRTUOSO_API_KEY;
  if (!apiKey) throw new UsageError(`An API key is needed with ${from}: give --api-key or set VIRTUOSO_API_KEY.`);
  if (!/^[\x21-\x7E]+$/.test(apiKey))
    throw new UsageError('The API key holds spaces or characters that no key has: copy it again.');
  return { kind: 'api', url: readUrl(url, from === '--url' ? 'url' : from).replace(/\/+$/, ''), apiKey };
}

/** @throws UsageError when the local cloud cannot be started. */
export async function openTarget(target: Target, values: Values): Promise<OpenTarget> {
  if (target.kind === 'api') return { ...target, close: async () => {} };
  const cloud = await startLocalCloud(values);
  return { url: cloud.origin, apiKey: cloud.apiKey, close: () => cloud.close() };
}
