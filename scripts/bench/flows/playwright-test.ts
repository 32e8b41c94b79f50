import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the flows as a suite of @playwright/test. `recording` adds trace, screenshots and the HTML report. */
export async function writeSuite(
  folder: string,
  options: { origin: string; flows: number; workers: number; recording: boolean; executable: string; library: string },
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { origin, flows, workers, recording, executable, library } = options;
  const use = {
    launchOptions: { executablePath: executable },
    trace: recording ? 'on' : 'off',
    screenshot: recording ? 'on' : 'off',
  };
  const config = {
    testDir: '.',
    fullyParallel: true,
    workers,
    outputDir: 'results',
    reporter: recording ? [['line'], ['html', { open: 'never', outputFolder: 'html' }]] : [['line']],
    use,
  };
  await writeFile(join(folder, 'playwright.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  const suite = `import playwright from ${JSON.stringify(library)};
const { expect, test } = playwright;
for (let n = 0; n < ${flows}; n++) {
  test('flow ' + n, async ({ page }) => {
    await page.goto(${JSON.stringify(origin)} + '/?n=' + n);
    await page.fill('#name', 'Ada ' + n);
    await page.click('#go');
    await expect(page.locator('#greeting')).toHaveText('Hello, Ada ' + n);
    await expect(page.locator('#done')).toBeVisible();
  });
}
`;
  await writeFile(join(folder, 'flows.spec.mjs'), suite);
  return join(folder, 'playwright.config.mjs');
}
