import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Chaos } from '../chaos/chaos.ts';
import { arriving } from './arriving.ts';
import type { BinaryEvent } from './cloud-events.ts';
import type { DeliverEvent } from './eventarc.ts';
import type { Instances } from './instances.ts';
import type { RunJob } from './scheduler.ts';

const USER_AGENT = 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)';

/** The host's own requests to functions, as the suite's invoker. */
export interface Senders {
  readonly deliver: DeliverEvent;
  readonly run: RunJob;
}

/** @param token makes an identity token for a function by name. */
export function createSenders(
  instances: Instances,
  {
    token,
    origin,
    chaos,
  }: { token: (name: string) => Promise<string>; origin: () => string; chaos?: Chaos | undefined },
) {
  const post = async (
    name: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    killAfterMs?: number,
  ): Promise<number> => {
    const own = {
      host: origin().replace('http://', ''),
      'content-length': String(body.byteLength),
      authorization: `Bearer ${await token(name)}`,
    };
    const call = {
      method: 'POST',
      path: '/',
      headers: arriving({ ...headers, ...own }, '127.0.0.1'),
      body,
      killAfterMs,
    };
    return instances.call(name, call, async (answer: IncomingMessage) => {
      await text(answer);
      return answer.statusCode ?? 0;
    });
  };
  const senders: Senders = {
    deliver(name, { headers, body }: BinaryEvent, delivery) {
      const all = { 'user-agent': USER_AGENT, ...headers };
      if (!chaos) return post(name, all, body);
      return chaos.deliver({ target: name, ...delivery }, (killAfterMs) => post(name, all, body, killAfterMs));
    },
    run: (name, headers) => post(name, headers, Buffer.from('{}')),
  };
  return senders;
}
