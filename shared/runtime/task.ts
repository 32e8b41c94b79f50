import type { Request, Response } from '@google-cloud/functions-framework';
import type { AnyFunction } from '../define/function.ts';
import type { TaskInput, TaskTrigger } from '../define/trigger.ts';
import { deadLetter } from '../events/dead-letter.ts';
import { toAppError } from '../platform/errors.ts';
import { functionUrl } from '../platform/function-url.ts';
import { createTokenVerifier } from '../platform/identity-token.ts';
import type { Platform } from '../platform/platform.ts';
import { react } from './react.ts';

/** Handles the tasks of a queue: only those that carry an identity token of the suite's own invoker. */
export function taskListener(declaration: AnyFunction, platform: Platform, services: Record<string, unknown>) {
  const admit = doorkeeper(declaration, platform);
  const { payload: contract, queue } = declaration.trigger as TaskTrigger;
  /** What a queue gives up is gone from it; what becomes of what it was for, nobody would know. */
  const bury = (request: Request, name: string, reason: string) => {
    const data = Buffer.from(JSON.stringify(request.body) ?? '');
    const from = request.get('x-cloudtasks-queuename') ?? queue.name;
    const attributes = { queue: from, function: declaration.name, task: name };
    return deadLetter(platform, { data, attributes }, reason);
  };
  return (request: Request, response: Response) =>
    answer(response, async () => {
      await admit(request);
      const payload = request.body as unknown;
      const name = request.get('x-cloudtasks-taskname') ?? '';
      if (!contract.accepts(payload)) {
        const problems = contract.problems(payload);
        platform.log.warning(`${declaration.name} refused a task: its payload breaks its schema.`, {
          task: name,
          problems,
        });
        return await bury(request, name, `its payload breaks its schema: ${problems[0]?.message ?? ''}`);
      }
      const input: TaskInput<unknown> = {
        payload,
        name,
        attempt: Number(request.get('x-cloudtasks-taskretrycount') ?? 0),
      };
      try {
        await react(declaration, platform, services, {
          input,
          traceparent: request.get('traceparent'),
          fields: { task: name },
        });
      } catch (error) {
        if (input.attempt + 1 >= queue.maxAttempts) await bury(request, name, (error as Error).message);
        throw error;
      }
    });
}

/** Handles the runs of a schedule, likewise. */
export function scheduleListener(declaration: AnyFunction, platform: Platform, services: Record<string, unknown>) {
  const admit = doorkeeper(declaration, platform);
  return (request: Request, response: Response) =>
    answer(response, async () => {
      await admit(request);
      const scheduledAt = request.get('x-cloudscheduler-scheduletime') ?? new Date(platform.clock.now()).toISOString();
      await react(declaration, platform, services, {
        input: { scheduledAt },
        traceparent: request.get('traceparent'),
        fields: { schedule: request.get('x-cloudscheduler-jobname') ?? declaration.name },
      });
    });
}

/** Lets in who has an identity token of the suite's own invoker for this function; others are logged. @throws AppError */
function doorkeeper({ name }: AnyFunction, { config, log }: Platform): (request: Request) => Promise<void> {
  const verify = createTokenVerifier(config);
  return async (request) => {
    try {
      await verify(request.headers.authorization, functionUrl(config, name));
    } catch (error) {
      log.warning(`${name} refused a request: ${(error as Error).message}`);
      throw error;
    }
  };
}

/** 204 when the work is done, else the status of the error: the queue delivers again on anything but 2xx. */
async function answer(response: Response, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    response.status(204).end();
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.retryAfter !== undefined) response.set('retry-after', String(error.retryAfter));
    response.status(error.status).json({ code: error.code, message: error.message });
  }
}
