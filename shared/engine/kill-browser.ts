import type { Browser } from 'playwright-core';

/** The id of a browser's first process, which leads the group that all its processes are in. */
export async function processOf(browser: Browser): Promise<number | undefined> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  return processInfo.find(({ type }) => type === 'browser')?.id;
}

/**
 * Ends a browser at once, with all its processes: it is not asked, and writes nothing more. Resolves when it is gone.
 * @param pid its first process; without one it is asked after all
 */
export async function killBrowser(browser: Browser, pid: number | undefined): Promise<void> {
  if (pid !== undefined && browser.isConnected()) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile, or the system has no groups of processes: then it is asked.
    }
  }
  await browser.close();
}
