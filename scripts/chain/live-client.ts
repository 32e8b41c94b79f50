import assert from 'node:assert/strict';
import type { Answer } from './api.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** A step's result, as an answer tells it. */
export interface Result {
  readonly status: string;
  readonly notes?: readonly string[];
  readonly error?: { type: string; message: string };
  readonly value?: unknown;
}
/** A command of a live session, likewise. */
export interface Command {
  readonly n: number;
  readonly status: string;
  readonly result?: Result;
  readonly snapshot?: { kind: string; text: string; note?: string };
  readonly candidates?: readonly { role: string; name: string; target: string }[];
  readonly resumed?: { url: string; replayed: number[]; notReplayed: number[]; notes: string[] };
}

/** Live sessions as their clients have them: over HTTP only. `origin` is what relative addresses are read against. */
export function liveClient(suite: () => SuiteCloud, origin: () => string) {
  const open = async (more: object = {}): Promise<string> => {
    const { status, body, headers } = await suite().call('POST', '/v1/sessions', { baseUrl: origin(), ...more });
    assert.equal(status, 201, JSON.stringify(body));
    const { id } = body as { id: string };
    assert.equal(headers.get('location'), `/v1/sessions/${id}`);
    return id;
  };
  const send = (id: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
    suite().call('POST', `/v1/sessions/${id}/commands`, body, headers);
  const run = async (id: string, step: unknown, more: object = {}): Promise<Command> => {
    const { status, body } = await send(id, { step, ...more });
    assert.equal(status, 200, JSON.stringify(body));
    return body as Command;
  };
  const passes = async (id: string, step: unknown, more: object = {}): Promise<Command> => {
    const command = await run(id, step, more);
    assert.equal(command.status, 'passed', JSON.stringify(command));
    return command;
  };
  const close = async (id: string) => assert.equal((await suite().call('DELETE', `/v1/sessions/${id}`)).status, 204);
  return { open, send, run, passes, close };
}
