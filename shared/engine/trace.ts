import { readFile, writeFile } from 'node:fs/promises';
import type { BrowserContext } from 'playwright-core';
import type { Mask } from './mask.ts';
import { clearAfter } from './traces-folder.ts';
import { rewriteZip } from './zip.ts';

/** Starts recording calls and page snapshots. Pictures are taken per step anyway, and the trace would double them. */
export async function startTrace(context: BrowserContext): Promise<void> {
  clearAfter(context);
  await context.tracing.start({ snapshots: true, screenshots: false, sources: false });
}

/**
 * Ends the recording.
 * @param path where to write it, masked; it is thrown away without one.
 * @returns the path, when there is a recording.
 */
export async function stopTrace(
  context: BrowserContext,
  path: string | undefined,
  mask: Mask,
): Promise<string | undefined> {
  try {
    await context.tracing.stop(path === undefined ? {} : { path });
  } catch (error) {
    // A browser that is gone took its recording with it.
    if (/has been closed|Target closed|crashed/.test(error instanceof Error ? error.message : '')) return undefined;
    throw error;
  }
  if (path !== undefined) await maskTrace(path, mask.secrets());
  return path;
}

/**
 * A recording holds what was typed, what the page showed and what was sent: every file of it is masked. So are the
 * cookies that pages' scripts may not read: who has one is logged in as who ran the test.
 */
async function maskTrace(path: string, given: readonly string[]): Promise<void> {
  const archive = await readFile(path);
  const cookies = new Set<string>();
  rewriteZip(archive, (content) => {
    for (const cookie of httpOnlyCookies(content.toString('latin1'))) cookies.add(cookie);
    return undefined;
  });
  // Bytes are read as Latin-1 so that every file, text or not, comes back as it was but for the secrets.
  const wanted = [...given.map((secret) => Buffer.from(secret, 'utf8').toString('latin1')), ...cookies];
  if (wanted.length === 0) return;
  const masked = rewriteZip(archive, (content) => {
    if (!wanted.some((secret) => content.includes(secret, 0, 'latin1'))) return undefined;
    const text = wanted.reduce((shown, secret) => shown.replaceAll(secret, '******'), content.toString('latin1'));
    return Buffer.from(text, 'latin1');
  });
  await writeFile(path, masked);
}

const SET_COOKIE = /"name":"set-cookie","value":"((?:[^"\\]|\\.)*)"/gi;
/** What is shorter is no credential, and would be masked all over the place. */
const SHORTEST_COOKIE = 8;

/** Values of the cookies that a recording says were set with HttpOnly; several in one header are on lines of their own. */
function httpOnlyCookies(text: string): string[] {
  return [...text.matchAll(SET_COOKIE)]
    .flatMap(([, header = '']) => header.split('\\n'))
    .filter((cookie) => /;\s*httponly/i.test(cookie))
    .map((cookie) => /^[^=;]*=([^;]*)/.exec(cookie)?.[1]?.trim() ?? '')
    .filter((value) => value.length >= SHORTEST_COOKIE);
}
