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
    launched.on('disconnected', () => {
      browser = undefined;
    });
    return launched;
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
      browser ??= launch().catch((error) => {
        browser = undefined;
        throw error;
      });
      return browser;
    },
  };
});
