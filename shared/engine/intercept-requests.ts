import type { Browser } from 'playwright-core';
import type { EgressGuard } from '../platform/egress.ts';
import { AppError } from '../platform/errors.ts';

/**
 * How the hosts begin that are seen to be not public before they are looked up. Browsers write every form of an IPv4
 * address as four decimal numbers, and every form of an IPv6 address in brackets (WHATWG URL, "host serializing").
 */
const PRIVATE = ['0.', '10.', '100.', '169.254.', '172.', '192.', '198.', '203.', '22?.', '23?.', '24?.', '25?.'];
const NAMES = ['[', 'metadata'];
const LOOPBACK = ['127.', 'localhost', '*.localhost'];

/**
 * Refuses requests to what is not public before they leave the browser: of pages, frames and workers alike, redirects
 * too. What the browser sends otherwise (WebSockets, WebRTC, speculation), and names whose addresses are not public, are
 * the proxy's matter: it is what nothing gets around, this is what answers first and in the browser's own words.
 */
export async function interceptRequests(browser: Browser, guard: EgressGuard): Promise<void> {
  const cdp = await browser.newBrowserCDPSession();
  cdp.on('Fetch.requestPaused', async ({ requestId, request }) => {
    const answer = (await mayGo(request.url, guard))
      ? cdp.send('Fetch.continueRequest', { requestId })
      : cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    // The page may have given the request up meanwhile.
    await answer.catch(() => undefined);
  });
  await cdp.send('Fetch.enable', { patterns: patternsFor(guard) });
}

/** What is asked for again and again where it is allowed, is not held up. */
function patternsFor(guard: EgressGuard): { urlPattern: string }[] {
  const hosts = [...PRIVATE, ...NAMES, ...(guard.allows('127.0.0.1') ? [] : LOOPBACK)];
  return hosts.flatMap((host) => [{ urlPattern: `*://${host}*` }, { urlPattern: `*://*@${host}*` }]);
}

async function mayGo(url: string, guard: EgressGuard): Promise<boolean> {
  try {
    await guard.check(new URL(url).hostname);
    return true;
  } catch (error) {
    // Whatever else is wrong with the address, the browser says itself.
    return !(error instanceof AppError && error.code === 'permission-denied');
  }
}
