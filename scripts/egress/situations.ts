import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chooseChromium, launchBrowser } from '../../shared/engine/browser.ts';
import { interceptRequests } from '../../shared/engine/intercept-requests.ts';
import { createEgressGuard, type EgressGuard } from '../../shared/platform/egress.ts';
import { startEgressProxy } from '../../shared/platform/egress-proxy.ts';
import { HOST_RULES, names, TWIN } from './names.ts';
import { type NetworkLog, readNetworkLog } from './network-log.ts';

/** What keeps a browser from what is not public: nothing, one of the two guards, or both as functions have them. */
export const situations = ['nothing', 'interception', 'proxy', 'both'] as const;
export type Situation = (typeof situations)[number];

export const isProxied = (situation: Situation): boolean => situation === 'proxy' || situation === 'both';

/** What a browser in a situation did; the log is what it says itself of its network. */
export interface Outcome<T> {
  readonly result: T;
  readonly log: NetworkLog;
  /** `HOST:PORT` of the proxy. */
  readonly proxy: string;
}

const launch = { clock: { now: () => Date.now() }, random: Math.random, log: () => {} };

/** Works with a browser in a situation, which ends with it. */
export async function inSituation<T>(
  situation: Situation,
  work: (browser: Browser, proxy: { close(): Promise<void> }) => Promise<T>,
): Promise<Outcome<T>> {
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-egress-'));
  const guard = createEgressGuard([`${TWIN}/32`], names());
  const proxy = await startEgressProxy(guard);
  const egress = { proxyServer: proxy.url, guard: situation === 'proxy' ? openGuard : guard };
  try {
    const chromiumPath = await loggingChromium(folder);
    const browser = await launchBrowser({ ...launch, chromiumPath, ...(isProxied(situation) ? { egress } : {}) });
    let result: T;
    try {
      if (situation === 'interception') await interceptRequests(browser, guard);
      result = await work(browser, proxy);
    } finally {
      await browser.close();
    }
    return { result, log: await readNetworkLog(join(folder, 'network.json')), proxy: new URL(proxy.url).host };
  } finally {
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets everything through. */
const openGuard: EgressGuard = {
  allows: () => true,
  check: async (host) => ({ host, address: host, family: 4 }),
};

/** A program that starts the browser of functions, with a log of its network and with names of ours. */
async function loggingChromium(folder: string): Promise<string> {
  const { executable, env } = await chooseChromium({
    ...launch,
    ...(process.env.CHROMIUM_PATH ? { chromiumPath: process.env.CHROMIUM_PATH } : {}),
  });
  const path = join(folder, 'chromium');
  const variables = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`);
  const more = `--log-net-log='${folder}/network.json' --host-resolver-rules='${HOST_RULES}'`;
  await writeFile(path, `#!/bin/sh\n${variables.join('')}exec '${executable}' ${more} "$@"\n`, { mode: 0o755 });
  return path;
}
