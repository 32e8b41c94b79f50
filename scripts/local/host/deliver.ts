import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { BinaryEvent } from './cloud-events.ts';
import type { DeliverEvent } from './eventarc.ts';
import type { Instances } from './instances.ts';
import type { RunJob } from './scheduler.ts';

/** The host's own requests to functions, as the suite's invoker. */
export interface Senders {
  readonly deliver: DeliverEvent;
  readonly run: RunJob;
}

/** @param token makes an identity token for a function by name. */
export function createSenders(instances: Instances, token: (name: string) => Promise<string>, origin: () => string) {
  const post = async (name: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number> => {
    const own = {
      host: origin().replace('http://', ''),
      'content-length': String(body.byteLength),
      authorization: `Bearer ${await token(name)}`,
    };
    const call = { method: 'POST', path: '/', headers: { ...headers, ...own }, body };
    return instances.call(name, call, async (answer: IncomingMessage) => {
      await text(answer);
      return answer.statusCode ?? 0;
    });
  };
  const senders: Senders = {
    deliver: (name: string, { headers, body }: BinaryEvent) =>
      post(
        name,
        { 'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)', ...headers },
        body,
      ),
    run: (name, headers) => post(name, headers, Buffer.from('{}')),
  };
  return senders;
}
