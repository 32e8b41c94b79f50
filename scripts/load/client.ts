import type { Agent } from 'node:http';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What came of the requests of a user, of all their clients together. */
export interface Tally {
  /** Answered, and not refused. */
  done: number;
  /** 429, with word of when to come back. */
  refused: number;
  /** Anything else, in words. */
  readonly wrong: string[];
}

/** A user of the API. */
export interface User {
  readonly name: string;
  readonly apiKey: string;
  /** Milliseconds between the requests of one client; 0 asks as fast as answers come. */
  readonly everyMs: number;
  readonly tally: Tally;
}

/** What is asked for in turn: of several functions. */
export const PATHS = ['/v1/runs', '/v1/users/me', '/v1/tests?pageSize=5', '/v1/webhooks'];
const MOST_WRONG = 20;
/** On a busy machine, the time may be up before a greedy user has used up the limit. */
const LONGEST_MORE_MS = 60_000;

/** Asks until the time is up, each client on its own; a greedy user's, until that user has been refused. */
export async function ask(user: User, origin: string, agent: Agent, until: number): Promise<void> {
  const { tally, everyMs } = user;
  const unrefused = () => everyMs === 0 && tally.refused === 0 && Date.now() < until + LONGEST_MORE_MS;
  for (let n = 0; Date.now() < until || unrefused(); n++) {
    const begun = Date.now();
    try {
      note(tally, await get(origin, PATHS[n % PATHS.length] ?? '/', user.apiKey, agent));
    } catch (error) {
      tally.wrong.push(String(error));
    }
    if (tally.wrong.length >= MOST_WRONG) return;
    const left = Math.min(begun + everyMs, until) - Date.now();
    if (left > 0) await pause(left);
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

function note(tally: Tally, { status, retryAfter, body }: Answer): void {
  if (status === 200) tally.done++;
  else if (status === 429 && Number(retryAfter) >= 1) tally.refused++;
  else tally.wrong.push(`${status}: ${body.slice(0, 300)}`);
}

function get(origin: string, path: string, apiKey: string, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { agent, headers: { 'x-api-key': apiKey } }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => {
        body += chunk;
      });
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], body }),
      );
    });
    sent.on('error', reject).end();
  });
}
