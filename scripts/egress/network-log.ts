import { readFile } from 'node:fs/promises';

/** What a Chromium says of its own network (its NetLog): everything that it did, whoever asked for it. */
export interface NetworkLog {
  /** `ADDRESS:PORT` of every TCP connection that it tried to make. */
  readonly connections: ReadonlySet<string>;
  /** How many datagrams it sent. */
  readonly datagrams: number;
  /** How many names it looked up. */
  readonly lookups: number;
}

interface Log {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: { readonly address?: string } }[];
}

export async function readNetworkLog(file: string): Promise<NetworkLog> {
  const { constants, events } = JSON.parse(await readFile(file, 'utf8')) as Log;
  const named = (name: string) => events.filter(({ type }) => type === constants.logEventTypes[name]);
  return {
    connections: new Set(named('TCP_CONNECT_ATTEMPT').flatMap(({ params }) => params?.address ?? [])),
    datagrams: named('UDP_BYTES_SENT').length,
    lookups: named('HOST_RESOLVER_MANAGER_JOB').length,
  };
}
