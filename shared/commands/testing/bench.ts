import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import type { Step, StepResult } from '../../../schemas/step.ts';
import { launchBrowser } from '../../engine/browser.ts';
import type { Outside } from '../../engine/outside.ts';
import { type EngineSession, openSession, type SessionOptions } from '../../engine/session.ts';
import { createEgressGuard, send } from '../../platform/egress.ts';
import { AppError } from '../../platform/errors.ts';
import { observe } from './coverage.ts';

type Page = string | ((request: IncomingMessage, response: ServerResponse) => void);

/** What a test of commands works with. */
export interface Bench {
  /** `http://127.0.0.1:…`, without a slash at its end. */
  base(): string;
  browser(): Browser;
  /** What was stored, by name. */
  readonly stored: Map<string, { body: Uint8Array; contentType: string }>;
  /** The user's files, by name. */
  readonly files: Map<string, Uint8Array>;
  /** Visual baselines, by name. */
  readonly baselines: Map<string, Uint8Array>;
  /** Opens a session that is closed after the test. */
  open(options?: Partial<SessionOptions>): Promise<EngineSession>;
  /** Runs the steps in a session of the bench's own that opens the page `/` first; gives their results. */
  run(...steps: Step[]): Promise<StepResult[]>;
  /** The same, for one step. */
  step(step: Step): Promise<StepResult>;
}

export const clock = { now: () => performance.timeOrigin + performance.now() };

/**
 * One browser a test file, and a site of its own on a loopback port.
 * @param looksAtOptions false for tests that give options without looking at what they change.
 */
export function bench(pages: Record<string, Page>, { looksAtOptions = true } = {}): Bench {
  let browser: Browser | undefined;
  let site: Server;
  let sessions: EngineSession[] = [];
  const stored: Bench['stored'] = new Map();
  const files: Bench['files'] = new Map();
  const baselines: Bench['baselines'] = new Map();
  const base = (): string => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;

  function started(): Browser {
    if (!browser) throw new Error('the browser was not started');
    return browser;
  }

  before(async function () {
    this.timeout(60_000);
    site = createServer((request, response) => serve(pages, request, response));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    browser = await launchBrowser({ clock, random: Math.random, log: () => {} });
  });
  afterEach(async () => {
    for (const kept of [stored, files, baselines]) kept.clear();
    await Promise.all(sessions.map(async (session) => (await session.close({ trace: false })).dispose()));
    sessions = [];
  });
  after(async () => {
    await browser?.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });

  async function open(options: Partial<SessionOptions> = {}): Promise<EngineSession> {
    const session = await openSession(started(), {
      config: { timeout: 2000, screenshots: 'none', trace: 'none' },
      baseUrl: base(),
      variables: {},
      secrets: [],
      artifacts: { save: async (name, body, contentType) => void stored.set(name, { body, contentType }) },
      outside: outsideOf({ files, baselines }),
      artifactPrefix: 'runs/r/s',
      clock,
      random: Math.random,
      ...options,
    });
    sessions.push(session);
    return observed(session, looksAtOptions);
  }

  async function run(...steps: Step[]): Promise<StepResult[]> {
    const session = await open();
    const all = [{ command: 'navigate.to', url: '/' }, ...steps];
    return (await session.runCheckpoint({ name: 'test', index: 0, steps: all })).results.slice(1);
  }

  return {
    base,
    browser: started,
    stored,
    files,
    baselines,
    open,
    run,
    step: async (step) => (await run(step))[0] as StepResult,
  };
}

/** The same session; what its steps come to counts as tested. */
function observed(session: EngineSession, withOptions: boolean): EngineSession {
  return {
    ...session,
    async runCheckpoint(checkpoint, options) {
      const outcome = await session.runCheckpoint(checkpoint, options);
      observe(checkpoint.steps, outcome.results, withOptions);
      return outcome;
    },
  };
}

/** The network through the real guard, which lets loopback addresses through; files and baselines in memory. */
export function outsideOf({ files, baselines }: Pick<Bench, 'files' | 'baselines'>): Outside {
  const guard = createEgressGuard(['127.0.0.1/32']);
  return {
    send: (request) => send(guard, request),
    readFile: async (name) => {
      const found = files.get(name);
      if (!found) throw new AppError('not-found', `There is no object '${name}'.`);
      return found;
    },
    baselines: {
      update: 'missing',
      read: async (name) => baselines.get(name),
      write: async (name, png) => void baselines.set(name, png),
    },
  };
}

function serve(pages: Record<string, Page>, request: IncomingMessage, response: ServerResponse): void {
  const page = pages[(request.url ?? '/').split('?')[0] ?? '/'];
  if (typeof page === 'function') {
    page(request, response);
    return;
  }
  response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(page ?? '<title>Not found</title>');
}

/** The statuses of results, for a short comparison. */
export const statuses = (results: readonly StepResult[]): string[] => results.map(({ status }) => status);
