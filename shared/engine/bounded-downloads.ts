import type { CDPSession, Download, Page } from 'playwright-core';
import { LARGEST_FILE } from './files.ts';

/** Bytes that a session's pages may download together: an instance keeps files in its memory. */
const MOST_DOWNLOADED = 4 * LARGEST_FILE;

const tooLarge = new WeakSet<Download>();

/** Whether a download was ended because it is larger than what is kept. */
export const wasTooLarge = (download: Download): boolean => tooLarge.has(download);

/**
 * Ends downloads as soon as they are larger than what is kept, whoever has started them: a page can offer files without
 * an end, asked or not.
 * @returns what each page of the session is to be given to, with its session of the protocol
 */
export function boundDownloads(note: (sentence: string) => void): (page: Page, session: Promise<CDPSession>) => void {
  const addresses = new Map<string, string>();
  const received = new Map<string, number>();
  const running = new Set<Download>();

  function end(guid: string): void {
    for (const download of running) {
      if (download.url() !== (addresses.get(guid) ?? download.url())) continue;
      running.delete(download);
      tooLarge.add(download);
      note(`the download of ${download.suggestedFilename()} was ended: it is too large`);
      void download.cancel().catch(() => undefined);
    }
  }
  function onProgress(guid: string, bytes: number): void {
    received.set(guid, bytes);
    const all = [...received.values()].reduce((sum, each) => sum + each, 0);
    if (bytes > LARGEST_FILE || all > MOST_DOWNLOADED) end(guid);
  }

  return (page, session) => {
    page.on('download', (download) => {
      running.add(download);
      void download.failure().finally(() => running.delete(download));
    });
    // A page that is gone by now downloads nothing.
    session.then((cdp) => watch(cdp)).catch(() => undefined);
  };

  async function watch(cdp: CDPSession): Promise<void> {
    cdp.on('Page.downloadWillBegin', ({ guid, url }) => void addresses.set(guid, url));
    cdp.on('Page.downloadProgress', ({ guid, receivedBytes }) => onProgress(guid, receivedBytes));
    await cdp.send('Page.enable');
  }
}
