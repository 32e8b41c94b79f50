import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A delivery that came in, and whether its signature holds. */
export interface Received {
  readonly id: string;
  readonly type: string;
  readonly verified: boolean;
}

/** A webhook endpoint on a loopback port that checks signatures with the reference library. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** The different bodies that came under an id: one, unless what is sent again is not the same. */
  readonly bodies: ReadonlyMap<string, ReadonlySet<string>>;
  /** The secret that `POST /v1/webhooks` answered with. */
  secret: string;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const bodies = new Map<string, Set<string>>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const type = typeOf(body);
    if (type === undefined) {
      response.writeHead(400).end();
      return;
    }
    const verified = verifies(receiver.secret, body, request.headers as Record<string, string>);
    const id = String(request.headers['webhook-id']);
    received.push({ id, type, verified });
    bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
    response.writeHead(verified ? 204 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    ...{ received, bodies },
    secret: '',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

function verifies(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

function typeOf(body: string): string | undefined {
  try {
    const { type } = JSON.parse(body) as { type?: unknown };
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}
