import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LogLine, logLines } from './log-lines.ts';

const FRAMEWORK = join(dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework')), 'main.js');
const PRELOAD = fileURLToPath(new URL('./preload.mjs', import.meta.url));
/** How long Cloud Run waits until an instance listens. */
const STARTUP_LIMIT_MS = 240_000;
/** What Cloud Run gives an instance between SIGTERM and SIGKILL. */
const GRACE_MS = 10_000;

/** What an instance is started with. */
export interface InstanceOptions {
  readonly name: string;
  readonly signature: 'http' | 'cloudevent';
  /** Folder of the function's bundle. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: LogLine;
  /** Milliseconds between SIGTERM and SIGKILL; what Cloud Run gives when absent. */
  readonly graceMs?: number;
}

/** One process of a function: functions-framework with the function's bundle, on a loopback port of its own. */
export class Instance {
  readonly id = randomBytes(6).toString('hex');
  readonly startedAt = Date.now();
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 256 });
  /** Resolves when the instance listens; rejects when it ends before that. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<void>;
  /** Requests under way. */
  active = 0;
  state: 'starting' | 'ready' | 'stopping' | 'ended' = 'starting';
  port = 0;
  readonly #process: ChildProcess;
  readonly #graceMs: number;

  constructor({ name, signature, bundle, environment, log, graceMs = GRACE_MS }: InstanceOptions) {
    this.#graceMs = graceMs;
    const args = ['--import', PRELOAD, FRAMEWORK];
    const options = [`--target=${name}`, `--source=${bundle}`, `--signature-type=${signature}`];
    this.#process = spawn(process.execPath, [...args, ...options], {
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: whatever it starts ends with it, and Ctrl-C reaches the host alone.
      detached: true,
    });
    const { stdout, stderr } = this.#process;
    if (stdout) logLines(stdout, 'INFO', name, log);
    if (stderr) logLines(stderr, 'ERROR', name, log);
    this.ended = new Promise<void>((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', () => resolve());
    }).then(() => {
      this.state = 'ended';
      this.agent.destroy();
      this.#signalGroup('SIGKILL');
    });
    this.ready = this.#becomeReady(name);
    this.ready.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /**
   * Asks the process to stop; kills it when it has not in the time it is given. Resolves when it has ended.
   * @param hurryMs asks again and again after so many milliseconds: what it is at need not be done
   */
  async stop(hurryMs?: number): Promise<void> {
    if (this.state !== 'ended') this.state = 'stopping';
    this.#process.kill('SIGTERM');
    const kill = setTimeout(() => this.kill(), this.#graceMs);
    const hurry = hurryMs === undefined ? undefined : setInterval(() => this.#process.kill('SIGTERM'), hurryMs);
    await this.ended;
    clearTimeout(kill);
    clearInterval(hurry);
  }

  /** Ends the process and all that it has started, at once. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (signal === 'SIGKILL') this.#signalGroup(signal);
    else this.#process.kill(signal);
  }

  #becomeReady(name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.kill(), STARTUP_LIMIT_MS);
      this.#process.once('message', (message) => {
        clearTimeout(late);
        this.port = (message as { port: number }).port;
        if (this.state === 'starting') this.state = 'ready';
        resolve();
      });
      this.ended.then(() => {
        clearTimeout(late);
        reject(new Error(`an instance of ${name} ended before it listened: its log says why`));
      });
    });
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, signal);
    } catch {
      // The group has ended already.
    }
  }
}
