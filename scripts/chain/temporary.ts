import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for what functions' processes put aside: one that is killed cannot clean up after itself. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** Makes a folder that has the machine's inflated Chromium in it, if there is one. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'virtuoso-chain-'));
  for (const name of readdirSync(tmpdir()))
    if (/^virtuoso-chromium-[\d.]+$/.test(name)) symlinkSync(join(tmpdir(), name), join(path, name));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
