import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Chaos } from '../chaos/chaos.ts';
import { readBody } from '../plumbing/http.ts';
import type { Instances } from './instances.ts';
import { endToEnd, forwarded, goneOf, sendUnanswered } from './proxy.ts';

/** Whether Cloud Tasks sent the request. */
export function isTask({ headers }: IncomingMessage): boolean {
  return headers['x-cloudtasks-taskname'] !== undefined;
}

/** Brings a task to a function through chaos: request and answer are held whole, so that it can be brought twice. */
export async function proxyTask(
  instances: Instances,
  { name, path, chaos }: { name: string; path: string; chaos: Chaos },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'POST', headers } = request;
  const body = await readBody(request);
  const call = { method, path, headers: forwarded(request), body, gone: goneOf(response) };
  const bring = (killAfterMs?: number) =>
    instances.call(name, { ...call, killAfterMs }, async (answer) => ({
      status: answer.statusCode ?? 502,
      headers: endToEnd(answer.rawHeaders),
      body: await buffer(answer),
    }));
  const delivery = {
    kind: 'task',
    target: name,
    id: String(headers['x-cloudtasks-taskname']),
    attempt: Number(headers['x-cloudtasks-taskretrycount'] ?? 0),
  } as const;
  try {
    const answer = await chaos.deliver(delivery, bring);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  } catch (error) {
    sendUnanswered(instances, response, error);
  }
}
