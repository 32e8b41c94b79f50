import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Attempt, attack } from './attack.ts';
import { TWIN, VICTIM } from './names.ts';
import { inSituation, type Outcome } from './situations.ts';

describe('a browser behind both guards', function () {
  this.timeout(120_000);
  let bare: Outcome<Attempt[]>;
  let guarded: Outcome<Attempt[]>;
  before(async () => {
    bare = await inSituation('nothing', (browser) => attack(browser, 'nothing'));
    guarded = await inSituation('both', (browser) => attack(browser, 'both'));
  });
  const names = (attempts: readonly Attempt[]) => attempts.map(({ trick }) => trick.name);

  it('is kept from private addresses, whatever a page tries that without them succeeds', () => {
    const tried = bare.result.filter(({ trick }) => !trick.rare);
    assert.ok(tried.length > 80);
    assert.deepEqual(names(tried.filter(({ victim }) => !victim)), []);
    assert.deepEqual(names(guarded.result.filter(({ victim }) => victim)), []);
  });

  it('reaches by the same ways what may be reached', () => {
    assert.deepEqual(names(guarded.result.filter(({ twin }) => twin === false)), []);
  });

  it('connects to its proxy only, sends no datagram and looks up no name, as it says itself', () => {
    assert.deepEqual([...guarded.log.connections], [guarded.proxy]);
    assert.deepEqual([guarded.log.datagrams, guarded.log.lookups], [0, 0]);
    assert.ok(bare.log.connections.size > 50 && bare.log.datagrams > 0);
  });
});

describe('a guarded browser', function () {
  this.timeout(60_000);
  let server: Server;
  let port: number;
  const asked: string[] = [];
  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.socket.localAddress} ${request.url}`);
      response.setHeader('content-type', 'text/html').end('<title>Site</title>');
    });
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    asked.length = 0;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('has no other way out when its proxy is gone', async () => {
    await inSituation('proxy', async (browser, proxy) => {
      const page = await browser.newPage();
      await page.goto(`http://${TWIN}:${port}/`);
      await proxy.close();
      for (const host of [TWIN, VICTIM, 'localhost', '[::1]']) {
        await assert.rejects(page.goto(`http://${host}:${port}/`), /ERR_PROXY_CONNECTION_FAILED/);
      }
    });
    assert.deepEqual(asked, [`${TWIN} /`]);
  });

  it('lets a page open neither files nor pages of its own, nor the source of a private one', async () => {
    await inSituation('both', async (browser) => {
      const page = await browser.newPage();
      const site = `http://${TWIN}:${port}/`;
      await page.goto(site);
      const frames: string[] = [];
      page.on('framenavigated', (frame) => frames.push(frame.url()));
      for (const url of [
        'file:///etc/hostname',
        'chrome://version',
        'devtools://devtools/bundled/inspector.html',
        'view-source:file:///etc/hostname',
        `view-source:http://${VICTIM}:${port}/`,
        'filesystem:http://localhost/temporary/a',
      ]) {
        await page.evaluate((url) => {
          const link = Object.assign(document.createElement('a'), { href: url });
          document.body.append(link, Object.assign(document.createElement('iframe'), { src: url }));
          link.click();
          window.open(url, '_self');
          window.open(url);
        }, url);
      }
      // What the page has asked for before would have begun by now.
      await page.goto(`${site}end`);
      for (const opened of browser.contexts().flatMap((context) => context.pages())) frames.push(opened.url());
      assert.deepEqual(
        frames.filter((url) => !/^(about:|chrome-error:|$)/.test(url) && !url.startsWith(site)),
        [],
      );
    });
    assert.deepEqual(asked, [`${TWIN} /`, `${TWIN} /end`]);
  });
});
