import { readFile, writeFile } from 'node:fs/promises';
import type { BrowserContext } from 'playwright-core';
import type { Mask } from './mask.ts';
import { rewriteZip } from './zip.ts';

/** Starts recording calls and page snapshots. Pictures are taken per step anyway, and the trace would double them. */
export async function startTrace(context: BrowserContext): Promise<void> {
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

/** A recording holds what was typed, what the page showed and what was sent: every file of it is masked. */
async function maskTrace(path: string, secrets: readonly string[]): Promise<void> {
  if (secrets.length === 0) return;
  // Bytes are read as Latin-1 so that every file, text or not, comes back as it was but for the secrets.
  const wanted = secrets.map((secret) => Buffer.from(secret, 'utf8').toString('latin1'));
  const masked = rewriteZip(await readFile(path), (content) => {
    if (!secrets.some((secret) => content.includes(secret, 0, 'utf8'))) return undefined;
    const text = wanted.reduce((shown, secret) => shown.replaceAll(secret, '******'), content.toString('latin1'));
    return Buffer.from(text, 'latin1');
  });
  await writeFile(path, masked);
}
