import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './http.ts';

/** A request that a receiver got. */
export interface Received {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A little HTTP endpoint for the tests of what services send. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Waits until `count` requests have come in. */
  wait(count: number): Promise<Received[]>;
  close(): Promise<void>;
}

/** How a receiver answers: a status, or by hand. Receives the request and how many came before it. */
export type Answer = (
  request: Received,
  index: number,
  response: ServerResponse,
) => number | undefined | Promise<number | undefined>;

/** Starts a receiver on a free loopback port. `answer` returns the status, or undefined when it has answered itself. */
export async function startReceiver(answer: Answer = () => 200): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const body = (await readBody(request)).toString('utf8');
    const got = { path: request.url ?? '', method: request.method ?? '', headers: request.headers, body };
    received.push(got);
    for (const check of waiting) check();
    const status = await answer(got, received.length - 1, response);
    if (status !== undefined) response.writeHead(status).end(`answered ${status}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    wait: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (received.length < count) return;
          waiting.delete(check);
          resolve(received);
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Waits until `condition` holds, for what has no event to wait on. Looks every 5 ms; mocha's timeout ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
