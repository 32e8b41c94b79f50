import type { Browser } from 'playwright-core';
import { defineService } from '../define/service.ts';
import { createEgressGuard } from '../platform/egress.ts';
import { type EgressProxy, startEgressProxy } from '../platform/egress-proxy.ts';
import { launchBrowser } from './browser.ts';

/** The one browser of this instance, started on first use and again when it has died. */
export interface Browsers {
  /** True until the first browser of the instance has been started. */
  readonly cold: boolean;
  get(): Promise<Browser>;
  /** Ends the browser with all its processes, whatever its pages are at; never fails. The next `get` starts another. */
  drop(): Promise<void>;
}

export const browsers = defineService([], (platform): Browsers => {
  const { config, clock, log } = platform;
  const guard = createEgressGuard(config.egressAllow);
  let browser: Promise<Browser> | undefined;
  let proxy: Promise<EgressProxy> | undefined;
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
    return launched;
  };
  const start = (): Promise<Browser> => {
    const started = launch();
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
  return {
    get cold() {
      return cold;
    },
    get() {
      browser ??= start();
      return browser;
    },
    async drop() {
      const dropped = browser;
      browser = undefined;
      // One that could not be started, or has died, is gone already.
      await dropped?.then((running) => running.close()).catch(() => undefined);
    },
  };
});
