import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes the fontconfig file that lists the bundled fonts beside the system's, and gives its path. Without any font
 * Chromium crashes at the first text. Replaced in one go: another process may be reading it.
 */
export async function writeFontsConf(home: string, fonts: string, suffix: string): Promise<string> {
  const path = join(home, 'virtuoso-fonts.conf');
  const conf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir>${fonts}</dir>
  <cachedir>${join(home, 'fonts-cache')}</cachedir>
</fontconfig>
`;
  const fresh = `${path}.${suffix}`;
  await writeFile(fresh, conf);
  await rename(fresh, path);
  return path;
}
