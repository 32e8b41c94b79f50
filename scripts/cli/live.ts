import { randomUUID } from 'node:crypto';
import { createInterface, type Interface } from 'node:readline';
import { createApiClient } from './api-client.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { INTERRUPTED, interruption } from './interruption.ts';
import { toldError } from './last-error.ts';
import { findSession, openSession, type SessionApi, sessionApi } from './session-api.ts';
import { openTarget, remoteOptions, type Target } from './target.ts';
import { paint, type Terminal, terminalOf } from './terminal.ts';
import { readVariables } from './variables.ts';

export const live: CliCommand = {
  summary: 'Opens a browser and does what you type, a step a line; what went well can be saved as a test.',
  operands: '[URL]',
  options: {
    ...remoteOptions,
    session: { type: 'string', value: 'SESSION', description: 'Goes on with a session that is open.' },
    keep: { type: 'boolean', description: 'Leaves the session open at the end.' },
    'keep-going': { type: 'boolean', description: 'Where lines come from a pipe: goes on after one that fails.' },
    var: { type: 'string', value: 'NAME=VALUE', multiple: true, description: 'A variable of the session.' },
    environment: { type: 'string', value: 'NAME', description: 'A stored environment that its steps see.' },
    data: { type: 'string', value: 'DIR', description: 'Folder of the local cloud; default .virtuoso.' },
    memory: { type: 'boolean', description: 'The local cloud forgets everything at its end.' },
  },
  examples: [
    'virtuoso live https://example.com',
    'virtuoso live --session ses_… --url https://api.example.com',
    "printf 'click Log in\\nsave login.yaml\\n' | virtuoso live http://localhost:3000",
  ],
  run: liveCommand,
};

async function liveCommand(operands: readonly string[], values: Values): Promise<number> {
  const [given, ...rest] = operands;
  if (rest.length > 0) throw new UsageError(`Name one address; '${rest[0]}' is another.`);
  const begin = given === undefined ? undefined : addressOf(given);
  const options = await optionsOf(values, begin);
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const { signal, release } = interruption();
  let target: Target | undefined;
  try {
    target = await openTarget(values);
    const api = createApiClient(target.url, target.apiKey, signal);
    const named = values.session as string | undefined;
    const session = named === undefined ? await openSession(api, options, randomUUID()) : await findSession(api, named);
    try {
      return await typeLines(session, { terminal, begin, signal, goesOn: values['keep-going'] === true });
    } finally {
      await leave(session.id, target, { terminal, keeps: values.keep === true });
    }
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    // Its log is there as a whole when it has ended.
    await target?.close();
    throw toldError(error, target?.failed);
  } finally {
    release();
    await target?.close(signal.aborted);
  }
}

interface Circumstances {
  readonly terminal: Terminal;
  /** Where it begins. */
  readonly begin: string | undefined;
  readonly signal: AbortSignal;
  /** Lines of a pipe are done after one that failed, too. */
  readonly goesOn: boolean;
}

/** Does what is typed, line by line. Gives the exit code: for a program, whether all was well. */
async function typeLines(session: SessionApi, { terminal, begin, signal, goesOn }: Circumstances): Promise<number> {
  const { liveTerminal } = await import('./live-terminal.ts');
  const { words } = await import('./live-words.ts');
  const typed = liveTerminal(session, terminal);
  const people = process.stdin.isTTY === true && terminal.live;
  let failed = false;
  const type = async (line: string) => {
    failed = !(await typed.type(line)) || failed;
  };
  const over = () => typed.over || (failed && !people && !goesOn);
  if (people) terminal.write(`${paint(terminal, 'bold', session.id)}  Type a step, or 'help'.\n`);
  if (begin !== undefined) await type(`navigate.to url: ${JSON.stringify(begin)}`);
  const lines = openLines(
    words.map(({ name }) => name),
    people,
    signal,
  );
  try {
    if (!over()) {
      if (people) lines.prompt();
      for await (const line of lines) {
        await type(line);
        if (over()) break;
        if (people) lines.prompt();
      }
    }
  } finally {
    lines.close();
  }
  signal.throwIfAborted();
  return failed && !people ? 1 : 0;
}

/** @param words what the terminal completes */
function openLines(words: readonly string[], people: boolean, signal: AbortSignal): Interface {
  const completer = (line: string): [string[], string] => {
    return [words.filter((word) => word.startsWith(line)), line];
  };
  const own = people ? { output: process.stdout, completer, prompt: 'virtuoso> ' } : { prompt: '' };
  const lines = createInterface({ input: process.stdin, signal, ...own });
  return lines.on('SIGINT', () => lines.close());
}

/** How long somebody who wants to leave waits for the session to be closed. */
const CLOSE_PATIENCE_MS = 5000;

/** Closes the session, also when its client was interrupted: a browser less to be paid for. */
async function leave(
  id: string,
  { url, apiKey }: Target,
  { terminal, keeps }: { terminal: Terminal; keeps: boolean },
): Promise<void> {
  if (keeps) return terminal.write(`The session stays open: virtuoso live --session ${id}\n`);
  const api = createApiClient(url, apiKey, AbortSignal.timeout(CLOSE_PATIENCE_MS));
  await sessionApi(api, id)
    .close()
    .catch(() => undefined);
}

async function optionsOf(values: Values, begin: string | undefined): Promise<object> {
  const { session, environment } = values as { session?: string; environment?: string };
  const variables = await readVariables((values.var as readonly string[] | undefined) ?? [], undefined);
  const some = Object.keys(variables).length > 0;
  if (session !== undefined) {
    if (!/^ses_\w+$/.test(session)) throw new UsageError(`'${session}' is no session: its id begins with 'ses_'.`);
    if (some || environment !== undefined)
      throw new UsageError('Variables and the environment are chosen when a session is opened, not with --session.');
  }
  return {
    ...(begin === undefined ? {} : { baseUrl: new URL(begin).origin }),
    ...(environment === undefined ? {} : { environment }),
    ...(some ? { variables } : {}),
  };
}

/** `example.com` is looked for where browsers would. @throws UsageError */
function addressOf(given: string): string {
  const local = /^(localhost|127\.|\[::1\])/.test(given);
  const address = /^https?:\/\//.test(given) ? given : `${local ? 'http' : 'https'}://${given}`;
  if (!URL.canParse(address) || /^[a-z]+:\/\//.test(given) !== (address === given))
    throw new UsageError(`'${given}' is no address: write https://example.com.`);
  return address;
}
