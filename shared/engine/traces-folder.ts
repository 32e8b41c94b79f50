import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';

interface Traces {
  readonly folder: string;
  /** The contexts that are being recorded. */
  readonly recorded: Set<BrowserContext>;
}

const kept = new WeakMap<Browser, Traces>();

const PREFIX = 'virtuoso-traces-';

/**
 * Makes the folder in which a browser that is about to start will record: its `tracesDir`. Those of processes that were
 * killed, and could not take theirs away, go.
 */
export function makeTracesFolder(): string {
  for (const name of readdirSync(tmpdir()).filter(isAbandoned)) {
    try {
      dropTracesFolder(join(tmpdir(), name));
    } catch {
      // It is another user's, or another process is taking it away.
    }
  }
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

function isAbandoned(name: string): boolean {
  const [, maker] = name.startsWith(PREFIX) ? (/^(\d+)-/.exec(name.slice(PREFIX.length)) ?? []) : [];
  return maker !== undefined && !isAlive(Number(maker));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Takes a folder away with all that is in it. */
export const dropTracesFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** The folder goes with its browser, however that ends. */
export function keepTracesFolder(browser: Browser, folder: string): void {
  kept.set(browser, { folder, recorded: new Set() });
  browser.once('disconnected', () => dropTracesFolder(folder));
}

export const tracesFolderOf = (browser: Browser): string | undefined => kept.get(browser)?.folder;

/**
 * What is recorded of a context from now on goes when it closes. Playwright leaves it all, what pages loaded included,
 * until the browser ends, and where functions run the disk is their memory. While another one is recorded it stays.
 */
export function clearAfter(context: BrowserContext): void {
  const browser = context.browser();
  const traces = browser ? kept.get(browser) : undefined;
  if (!browser || !traces) return;
  traces.recorded.add(context);
  context.once('close', () => {
    traces.recorded.delete(context);
    if (traces.recorded.size > 0 || !browser.isConnected()) return;
    // At once, so that nobody begins meanwhile.
    for (const name of readdirSync(traces.folder)) dropTracesFolder(join(traces.folder, name));
  });
}
