import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type { TopicTrigger } from '../../../shared/define/trigger.ts';
import { readBody } from '../plumbing/http.ts';
import { messageEvent, type PushBody } from './cloud-events.ts';
import type { DeliverEvent } from './eventarc.ts';
import type { Instances } from './instances.ts';
import { sendProblem } from './problem.ts';
import { sendUnanswered } from './proxy.ts';

export type IngressHandler = (name: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Where push subscriptions send the messages of functions on topics: hands them on as CloudEvents and answers with the
 * function's status, so that retries and dead letters are Pub/Sub's.
 */
export function createIngress(
  functions: readonly AnyFunction[],
  project: string,
  { instances, deliver }: { instances: Instances; deliver: DeliverEvent },
) {
  const triggers = new Map(
    functions.filter(({ trigger }) => trigger.kind === 'topic').map((fn) => [fn.name, fn.trigger as TopicTrigger]),
  );
  const attempts = new Attempts();
  const handle: IngressHandler = async (name, request, response) => {
    const trigger = triggers.get(name);
    if (!trigger) {
      sendProblem(response, 404, 'Not found', `no function '${name}' is on a topic`);
      return;
    }
    const push = pushOf((await readBody(request)).toString('utf8'));
    if (!push) {
      sendProblem(response, 400, 'Bad request', 'the body is no message as Pub/Sub pushes it: {"message": {…}}');
      return;
    }
    // A subscription whose filter has no room for all types lets others through too.
    if (trigger.types.length > 0 && !trigger.types.includes(push.message.attributes?.type ?? '')) {
      response.writeHead(204).end();
      return;
    }
    try {
      const { messageId: id } = push.message;
      const tried = attempts.next(`${name} ${id}`);
      // What Pub/Sub counts outlives this process.
      const attempt = push.deliveryAttempt === undefined ? tried : push.deliveryAttempt - 1;
      const delivery = { kind: 'message', id, attempt } as const;
      const status = await deliver(name, messageEvent(push, trigger.topic.name, project), delivery);
      if (status < 300) attempts.forget(`${name} ${id}`);
      response.writeHead(status).end();
    } catch (error) {
      sendUnanswered(instances, response, error);
    }
  };
  return handle;
}

/** The message that was pushed, undefined where the body is none: anybody can send to an address. */
function pushOf(body: string): PushBody | undefined {
  try {
    const push = JSON.parse(body) as PushBody | null;
    return typeof push?.message?.messageId === 'string' ? push : undefined;
  } catch {
    return undefined;
  }
}

/** How often a message was tried, for as long as it is not taken: Pub/Sub tells it only where there are dead letters. */
class Attempts {
  readonly #tried = new Map<string, number>();

  /** Attempts before this one. */
  next(key: string): number {
    const before = this.#tried.get(key) ?? 0;
    this.#tried.set(key, before + 1);
    return before;
  }

  forget(key: string): void {
    this.#tried.delete(key);
  }
}
