import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson } from '../plumbing/http.ts';
import type { InstanceState } from './instances.ts';
import { sendProblem } from './problem.ts';

/** What the control endpoints show and do. */
export interface Controls {
  status(): {
    readonly instances: readonly InstanceState[];
    readonly coldStarts: number;
    readonly warmStarts: number;
    readonly meter: Record<string, number>;
    /** What Google Cloud would ask for what the meter has counted, as if nothing were free. */
    readonly usd: number;
    readonly pending: Record<string, number>;
    /** The local cloud's time, RFC 3339. */
    readonly time: string;
  };
  settle(options: { timeoutMs: number }): Promise<void>;
  runSchedule(name: string): Promise<number>;
  killInstance(name: string, signal?: NodeJS.Signals): boolean;
  advance(ms: number): void;
}

/** Path below which the local cloud itself is controlled. */
export const CONTROL_PATH = '/_local/';
const SETTLE_MS = 60_000;
const LONGEST_ADVANCE_MS = 100 * 365 * 24 * 3_600_000;

type Action = (name: string, body: Record<string, unknown>, controls: Controls) => unknown;

const actions: readonly { readonly method: string; readonly path: RegExp; readonly run: Action }[] = [
  { method: 'GET', path: /^status$/, run: (_, __, controls) => controls.status() },
  {
    method: 'POST',
    path: /^settle$/,
    run: async (_, { timeoutMs = SETTLE_MS }, controls) => {
      await controls.settle({ timeoutMs: Number(timeoutMs) });
      return controls.status();
    },
  },
  {
    method: 'POST',
    path: /^schedules\/([^/:]+):run$/,
    run: async (name, _, controls) => ({ status: await controls.runSchedule(name) }),
  },
  {
    method: 'POST',
    path: /^instances\/([^/:]+):kill$/,
    run: (name, { signal = 'SIGKILL' }, controls) => ({
      killed: controls.killInstance(name, signal as NodeJS.Signals),
    }),
  },
  {
    method: 'POST',
    path: /^clock\/advance$/,
    run: (_, { ms }, controls) => {
      if (typeof ms !== 'number' || !Number.isInteger(ms) || ms < 0 || ms > LONGEST_ADVANCE_MS) {
        throw new Error(`'ms' must be a whole number of milliseconds, from 0 to ${LONGEST_ADVANCE_MS} (100 years)`);
      }
      controls.advance(ms);
      return { time: controls.status().time };
    },
  },
];

/**
 * Answers the control endpoints. Bodies and answers are JSON; what goes wrong is a problem document.
 *
 * - `GET /_local/status`: instances, cold starts, the meter of billable operations and its price, what is pending.
 * - `POST /_local/settle` `{timeoutMs}`: answers when nothing is pending.
 * - `POST /_local/schedules/NAME:run`: runs a schedule now.
 * - `POST /_local/instances/FUNCTION:kill` `{signal}`: signals the function's busiest instance.
 * - `POST /_local/clock/advance` `{ms}`: moves the local cloud's time forward.
 */
export async function control(
  controls: Controls,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const action = actions.find((action) => action.path.test(path) && action.method === request.method);
  if (!action) {
    sendProblem(response, 404, 'Not found', `${request.method} ${CONTROL_PATH}${path} is no control endpoint`);
    return;
  }
  try {
    const text = (await readBody(request)).toString('utf8');
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const name = decodeURIComponent(action.path.exec(path)?.[1] ?? '');
    sendJson(response, 200, (await action.run(name, body, controls)) ?? {});
  } catch (error) {
    sendProblem(response, 400, 'It could not be done', error instanceof Error ? error.message : String(error));
  }
}
