import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { Browser } from 'playwright-core';
import type { EgressGuard } from '../platform/egress.ts';
import { inflateChromium } from './chromium-bundle.ts';
import { writeFontsConf } from './chromium-fonts.ts';
import { missingLibraries, missingLibrariesMessage } from './chromium-libraries.ts';
import { explainFullDisk } from './full-disk.ts';
import { interceptRequests } from './intercept-requests.ts';
import { dropTracesFolder, keepTracesFolder, makeTracesFolder } from './traces-folder.ts';

/** What keeps a browser from what is not public. */
export interface BrowserEgress {
  readonly guard: EgressGuard;
  /** Every request of the browser goes through it, loopback addresses too: `http://127.0.0.1:3128`. */
  readonly proxyServer: string;
}

export interface LaunchOptions {
  /** A Chromium to use before any other. */
  readonly chromiumPath?: string;
  readonly egress?: BrowserEgress;
  readonly clock: { now(): number };
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
}

export interface Choice {
  readonly executable: string;
  readonly source: 'configured' | 'bundled' | 'system';
  readonly env: Record<string, string>;
}

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Starts a Chromium: the configured one, else the one in `@sparticuz/chromium`, else the system's. The caller closes
 * it; signals are the caller's too.
 * @throws Error that says which library or browser is missing and how to get it, or where there is no room for it.
 */
export async function launchBrowser(options: LaunchOptions): Promise<Browser> {
  try {
    return await launch(options);
  } catch (error) {
    throw explainFullDisk(error, tmpdir());
  }
}

async function launch(options: LaunchOptions): Promise<Browser> {
  const started = options.clock.now();
  const choice = await chooseChromium(options);
  const { chromium } = await import('playwright-core');
  const tracesDir = makeTracesFolder();
  const launching = chromium.launch({
    executablePath: choice.executable,
    tracesDir,
    headless: true,
    // The package's own arguments are left out on purpose: they make the browser one process, which hangs when a
    // context is closed, and they switch the same-origin policy off.
    args: ['--font-render-hinting=none', LARGEST_HEAP, ...(options.egress ? aroundNoProxy : [])],
    ...(options.egress ? { proxy: { server: options.egress.proxyServer, bypass: '<-loopback>' } } : {}),
    env: choice.env,
    handleSIGTERM: false,
    handleSIGINT: false,
    handleSIGHUP: false,
  });
  launching.catch(() => dropTracesFolder(tracesDir));
  const browser = await launching;
  keepTracesFolder(browser, tracesDir);
  if (options.egress) await interceptRequests(browser, options.egress.guard);
  options.log('browser started', {
    source: choice.source,
    executable: choice.executable,
    version: browser.version(),
    ms: options.clock.now() - started,
  });
  return browser;
}

/** A page that takes more crashes by itself, in megabytes: it would take its instance with it, and be tried again. */
const LARGEST_HEAP = '--js-flags=--max-old-space-size=1024';

/** WebRTC and QUIC would go around a proxy. */
const aroundNoProxy = ['--force-webrtc-ip-handling-policy=disable_non_proxied_udp', '--disable-quic'];

/** The browser sees no variable of this process: it could hold secrets. */
function environment(): Record<string, string> {
  return { HOME: tmpdir(), TMPDIR: tmpdir(), PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };
}

/** The Chromium that `launchBrowser` would start. @throws Error as it does */
export async function chooseChromium(options: LaunchOptions): Promise<Choice> {
  if (options.chromiumPath) {
    if (await exists(options.chromiumPath))
      return { executable: options.chromiumPath, source: 'configured', env: environment() };
    throw new Error(`CHROMIUM_PATH names '${options.chromiumPath}', which does not exist. Correct it or leave it out.`);
  }
  const bundled = process.platform === 'linux' && process.arch === 'x64' ? await bundledChromium(options) : undefined;
  if (bundled) return bundled;
  for (const executable of systemPaths) {
    if (await exists(executable)) return { executable, source: 'system', env: environment() };
  }
  throw new Error(
    'there is no browser: install @sparticuz/chromium (Linux x64), or Chromium or Chrome, or set CHROMIUM_PATH to one.',
  );
}

async function bundledChromium(options: LaunchOptions): Promise<Choice | undefined> {
  const inflated = await inflateChromium({ now: options.clock.now(), random: options.random() });
  if (!inflated) return undefined;
  const env = environment();
  const lacking = await missingLibraries(inflated.executable);
  if (lacking.length > 0) {
    const stillLacking = await missingLibraries(inflated.executable, [inflated.libraries]);
    if (stillLacking.length > 0) throw new Error(missingLibrariesMessage(stillLacking));
    env.LD_LIBRARY_PATH = inflated.libraries;
  }
  const suffix = `${process.pid}-${options.random().toString(36).slice(2, 8)}`;
  env.FONTCONFIG_FILE = await writeFontsConf(dirname(inflated.executable), inflated.fonts, suffix);
  return { executable: inflated.executable, source: 'bundled', env };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
