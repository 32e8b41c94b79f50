import { Agent, request as open } from 'node:http';
import type { Answer } from '../../chain/api.ts';
import type { RawRequest } from './request.ts';

/** Sends requests as they are: no URL is made whole, no header put right. */
export interface Sender {
  send(request: RawRequest): Promise<Answer>;
  close(): void;
}

export function createSender(origin: string): Sender {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const send = ({ method, path, headers, body }: RawRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const all = { ...headers, 'content-length': String(body?.length ?? 0) };
      const sent = open({ agent, hostname, port, method, path, headers: all }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: new Headers(Object.entries(answer.headersDistinct).map(([name, all]) => [name, `${all}`])),
            body: parsed(Buffer.concat(chunks).toString('utf8')),
          }),
        );
      });
      // A kept connection may be closed just as it is used again (RFC 9112, 9.3.1).
      sent.on('error', (error: NodeJS.ErrnoException) =>
        sent.reusedSocket && error.code === 'ECONNRESET'
          ? resolve(send({ method, path, headers, ...(body ? { body } : {}) }))
          : reject(error),
      );
      sent.end(body);
    });
  return {
    send,
    close: () => agent.destroy(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
