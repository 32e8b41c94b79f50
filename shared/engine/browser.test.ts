import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clock } from '../commands/testing/bench.ts';
import { launchBrowser } from './browser.ts';
import { inflateChromium } from './chromium-bundle.ts';
import { missingLibraries, missingLibrariesMessage } from './chromium-libraries.ts';

const options = { clock, random: Math.random, log: () => {} };

describe('the browser', () => {
  it('starts in several processes that render text and keep the same-origin policy, and ends', async () => {
    const told: Record<string, unknown>[] = [];
    const browser = await launchBrowser({ ...options, log: (_message, fields) => void told.push(fields ?? {}) });
    try {
      for (let round = 0; round < 2; round++) {
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.setContent('<span id="words">Words</span>');
        equal(await page.evaluate(() => (document.querySelector('#words') as HTMLElement).offsetWidth > 20), true);
        await context.close();
      }
      equal(['bundled', 'system'].includes(String(told[0]?.source)), true);
    } finally {
      await browser.close();
    }
  });

  it('is the configured one before any other, which must exist', async () => {
    await rejects(
      launchBrowser({ ...options, chromiumPath: '/no/such/chromium' }),
      /CHROMIUM_PATH names '\/no\/such\/chromium'/,
    );
  });
});

describe('the packaged browser', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inflate-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is inflated once, whole, by however many start at the same time', async function () {
    this.timeout(60_000);
    const now = clock.now();
    const both = await Promise.all([0.25, 0.75].map((random) => inflateChromium({ now, random, folder })));
    deepEqual(both[0], both[1]);
    const [home] = await readdir(folder);
    equal((await readdir(folder)).length, 1);
    match(home ?? '', /^virtuoso-chromium-\d+/);
    for (const path of [both[0]?.executable, both[0]?.fonts, both[0]?.libraries]) await access(path ?? '');
    deepEqual(await inflateChromium({ now, random: 0.5, folder }), both[0]);
    const abandoned = join(folder, `${home}.part-1-old`);
    await mkdir(abandoned);
    await utimes(abandoned, new Date(now - 3_600_000), new Date(now - 3_600_000));
    await rm(join(folder, home ?? ''), { recursive: true });
    await inflateChromium({ now, random: 0.5, folder });
    deepEqual(await readdir(folder), [home]);
  });

  it('tells in which folder there is no room for it, and leaves nothing there', async () => {
    const described = new URL('../../node_modules/@sparticuz/chromium/package.json', import.meta.url);
    const { version } = JSON.parse(await readFile(described, 'utf8')) as { version: string };
    const growing = join(folder, `virtuoso-chromium-${version}.part-${process.pid}-i`);
    await mkdir(growing);
    await symlink('/dev/full', join(growing, 'chromium'));
    await rejects(inflateChromium({ now: clock.now(), random: 0.5, folder }), (error: Error) => {
      return error.message.startsWith(`there is no room for the browser in ${folder}: free some space there`);
    });
    deepEqual(await readdir(folder), []);
  });

  it('tells which libraries are missing and how to get them', async () => {
    match(
      missingLibrariesMessage(['libnss3.so', 'libsqlite3.so.0']),
      /lacks libnss3\.so, libsqlite3\.so\.0\. On Debian or Ubuntu: apt-get install -y libnss3 libsqlite3-0\./,
    );
    deepEqual(
      await missingLibraries(process.execPath, []).then((missing) =>
        missing.filter((name) => name !== 'libsqlite3.so.0'),
      ),
      [],
    );
  });
});
