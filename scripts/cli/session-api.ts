import type { Shape } from './api-answer.ts';
import type { ApiClient } from './api-client.ts';

/** A command of a live session, as the API tells of it. */
export interface CommandView {
  readonly n: number;
  readonly status: 'pending' | 'running' | 'passed' | 'failed' | 'error' | 'skipped';
  readonly result?: {
    readonly command: string;
    readonly durationMs: number;
    readonly value?: unknown;
    readonly expected?: unknown;
    readonly actual?: unknown;
    readonly notes?: readonly string[];
    readonly problems?: readonly string[];
    readonly error?: { readonly message: string; readonly hint?: string };
  };
  readonly snapshot?: SnapshotView;
  readonly suggestions?: readonly { readonly step: Readonly<Record<string, unknown>>; readonly reason: string }[];
  readonly resumed?: {
    readonly url: string;
    readonly replayed: readonly number[];
    readonly notReplayed: readonly number[];
    readonly notes: readonly string[];
  };
}

export interface SnapshotView {
  readonly kind: 'full' | 'diff' | 'same';
  readonly text: string;
  readonly note?: string;
}

export interface PageView {
  readonly url: string;
  readonly title: string;
  readonly snapshot: SnapshotView;
  readonly tabs: readonly { readonly url: string; readonly active: boolean }[];
  readonly notes: readonly string[];
  readonly problems: readonly string[];
  readonly dialog?: { readonly kind: string; readonly message: string };
}

/** The routes of one live session, as the command line uses them. @throws ApiError */
export interface SessionApi {
  readonly id: string;
  /** Sends a step. What has no result in a minute is told as it is then. */
  send(step: unknown, key: string): Promise<CommandView>;
  /** Waits for a command's result, for a minute at most. */
  wait(n: number): Promise<CommandView>;
  page(): Promise<PageView>;
  beginCheckpoint(name: string): Promise<void>;
  save(name: string, form: string, format: 'yaml' | 'json'): Promise<{ text: string }>;
  close(): Promise<void>;
}

/** Opens a live session. */
export async function openSession(api: Pick<ApiClient, 'ask'>, options: object, key: string): Promise<SessionApi> {
  const { id } = await api.ask<{ id: string }>('POST', '/v1/sessions', { id: 'string' }, options, {
    'idempotency-key': key,
  });
  return sessionApi(api, id);
}

/** The live session with this id. @throws ApiError when there is none */
export async function findSession(api: Pick<ApiClient, 'ask'>, id: string): Promise<SessionApi> {
  await api.ask('GET', `/v1/sessions/${id}`, { id: 'string', status: 'string' });
  return sessionApi(api, id);
}

/** The live session with this id, as if it were there. */
export function sessionApi(api: Pick<ApiClient, 'ask'>, id: string): SessionApi {
  const path = `/v1/sessions/${id}`;
  const command: Shape = { n: 'number', status: 'string' };
  const page: Shape = { url: 'string', snapshot: 'object', tabs: 'array', notes: 'array', problems: 'array' };
  const look = { include: ['snapshot', 'suggestions'] };
  return {
    id,
    send: (step, key) => api.ask('POST', `${path}/commands`, command, { step, ...look }, { 'idempotency-key': key }),
    wait: (n) => api.ask('GET', `${path}/commands/${n}`, command, undefined, { prefer: 'wait=60' }),
    page: () => api.ask('GET', `${path}/page`, page),
    beginCheckpoint: (name) => api.ask('POST', `${path}/checkpoints`, {}, { name }),
    save: (name, form, format) => api.ask('POST', `${path}/save`, { text: 'string' }, { name, form, format }),
    close: () => api.ask('DELETE', path, {}),
  };
}
