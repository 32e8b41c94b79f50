import type { Browser } from 'playwright-core';
import { defineService } from '../define/service.ts';
import { createEgressGuard } from '../platform/egress.ts';
import { type EgressProxy, startEgressProxy } from '../platform/egress-proxy.ts';
import { launchBrowser } from './browser.ts';
import { killBrowser, processOf } from './kill-browser.ts';

/** The one browser of this instance, started on first use and again when it has died. */
export interface Browsers {
  /** True until the first browser of the instance has been started. */
  readonly cold: boolean;
  /**
   * The browser for a user's session. What one user's pages have done to its processes is none of the next one's: for
   * another user than the last it is a fresh one.
   */
  get(userId: string): Promise<Browser>;
  /** Has a browser run before there is a user for it. @returns whether this call has started it: false when one ran */
  warm(): Promise<boolean>;
  /** Ends the browser with all its processes, whatever its pages are at; never fails. The next `get` starts another. */
  drop(): Promise<void>;
}

export const browsers = defineService([], (platform): Browsers => {
  const { config, clock, log } = platform;
  const guard = createEgressGuard(config.egressAllow);
  let browser: Promise<Browser> | undefined;
  const processes = new WeakMap<Browser, Promise<number | undefined>>();
  let proxy: Promise<EgressProxy> | undefined;
  let lastUser: string | undefined;
  let cold = true;

  const launch = async (): Promise<Browser> => {
    proxy ??= startEgressProxy(guard);
    const launched = await launchBrowser({
      ...(config.chromiumPath ? { chromiumPath: config.chromiumPath } : {}),
      egress: { guard, proxyServer: (await proxy).url },
      clock,
      random: () => platform.random(),
      log: (message, fields) => log.info(message, fields),
    });
    cold = false;
    processes.set(
      launched,
      processOf(launched).catch(() => undefined),
    );
    return launched;
  };
  /** @param after what must have ended before: two browsers are more than an instance has memory for. */
  const start = (after: Promise<void> = Promise.resolve()): Promise<Browser> => {
    const started = after.then(launch);
    const forget = () => {
      if (browser === started) browser = undefined;
    };
    started.then((running) => running.on('disconnected', forget), forget);
    return started;
  };
  platform.onStop(async () => {
    await (await browser)?.close();
    await (await proxy)?.close();
  });
  const drop = async (): Promise<void> => {
    const dropped = browser;
    browser = undefined;
    // One that could not be started, or has died, is gone already.
    await dropped?.then(async (running) => killBrowser(running, await processes.get(running))).catch(() => undefined);
  };
  return {
    get cold() {
      return cold;
    },
    get(userId) {
      const fresh = lastUser === undefined || lastUser === userId ? undefined : drop();
      lastUser = userId;
      browser ??= start(fresh);
      return browser;
    },
    async warm() {
      const running = browser;
      browser ??= start();
      await browser;
      return running === undefined;
    },
    drop,
  };
});
