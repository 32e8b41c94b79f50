import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that came in. */
export interface Got {
  readonly headers: IncomingHttpHeaders & Record<string, string>;
  readonly body: string;
}

/** A webhook's endpoint on a loopback port that keeps what it gets, and answers as it is told. */
export interface Endpoint {
  readonly url: string;
  readonly got: readonly Got[];
  /** What comes from now on is answered so. */
  answer: { status: number; headers?: Record<string, string>; body?: string };
  /** Done with each request before it is answered. */
  during?: () => Promise<void>;
  close(): Promise<void>;
}

export async function startEndpoint(): Promise<Endpoint> {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ headers: request.headers as Got['headers'], body: Buffer.concat(chunks).toString('utf8') });
    await endpoint.during?.();
    const { status, headers = {}, body = '' } = endpoint.answer;
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint: Endpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    got,
    answer: { status: 204 },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return endpoint;
}
