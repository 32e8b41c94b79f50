import type { Page, Request, Response } from 'playwright-core';
import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import { EGRESS_HEADER } from '../platform/egress-proxy.ts';
import * as shape from '../test-files/shapes.ts';
import { choice, fields, flag, text } from './fields.ts';

const to = defineCommand({
  name: 'navigate.to',
  summary: 'Opens an address.',
  kind: 'action',
  fields: fields(
    { url: text('http or https; a relative one joins the base URL.', { minLength: 1 }) },
    {
      newTab: flag('Opens it in a new tab.', false),
      wait: choice('Until when to wait.', ['load', 'domcontentloaded', 'networkidle', 'none'], 'load'),
    },
  ),
  examples: [{ command: 'navigate.to', url: '/welcome' }],
  aliases: {
    compact: { nav: shape.text('url'), goto: shape.text('url') },
    simplified: {
      navigate: [
        shape.text('url'),
        shape.keys({
          ...shape.named(['url', 'to'], shape.text('url')),
          ...shape.named(['new_tab', 'newTab'], shape.anything('newTab')),
          wait: shape.text('wait'),
        }),
      ],
    },
    sentences: [
      'navigate|go|browse to [the] [page|url|site] {url:word}',
      'open|visit|load [the] [page|url|site] {url:url}',
    ],
  },
  run: async ({ url, newTab = false, wait = 'load' }, context) => {
    const address = context.url(url);
    await context.admit(address);
    const page = newTab ? await context.tabs.open() : context.page;
    if (newTab) await context.tabs.activate(page);
    const waitUntil = wait === 'none' ? 'commit' : wait;
    const response = await unlessCutOff(page, page.goto(address, { waitUntil, timeout: context.left() }));
    checkArrival(response);
    if (response && response.status() >= 400) context.note(`${address} answered ${response.status()}`);
    return undefined;
  },
});

/** Gives up as soon as the page's own answer breaks off: the browser would wait for the rest. */
function unlessCutOff(page: Page, opening: Promise<Response | null>): Promise<Response | null> {
  return new Promise((resolve, reject) => {
    const onFailed = (request: Request): void => {
      const reason = request.failure()?.errorText;
      // What was only left or downloaded is aborted; that is the opening's own matter.
      if (!reason || reason === 'net::ERR_ABORTED' || !isOwn(request, page)) return;
      reject(new Error(`${reason} at ${request.url()}`));
    };
    page.on('requestfailed', onFailed);
    opening.then(resolve, reject).finally(() => page.off('requestfailed', onFailed));
  });
}

function isOwn(request: Request, page: Page): boolean {
  try {
    return request.isNavigationRequest() && request.frame() === page.mainFrame();
  } catch {
    // A request of no frame, or of one that is not there yet.
    return false;
  }
}

/** @throws Error in the browser's own words when not the site has answered, but the way to it. */
function checkArrival(response: Response | null): void {
  const failed = response?.headers()[EGRESS_HEADER];
  if (response && failed) throw new Error(`net::${failed} at ${response.url()}`);
}

/** Steps through the tab's history; the browser itself says nothing when there is no such page. */
async function travel(context: StepContext, by: 1 | -1): Promise<void> {
  const { currentIndex, entries } = await (await context.cdp()).send('Page.getNavigationHistory');
  if (!entries[currentIndex + by]) {
    throw new StepError('navigation-failed', `there is no ${by < 0 ? 'earlier' : 'later'} page in this tab's history`, {
      hint: `The tab has seen ${entries.length} page(s).`,
    });
  }
  const options = { timeout: context.left() };
  checkArrival(await (by < 0 ? context.page.goBack(options) : context.page.goForward(options)));
}

const back = defineCommand({
  name: 'navigate.back',
  summary: 'Goes one page back.',
  kind: 'action',
  fields: fields({}),
  examples: [{ command: 'navigate.back' }],
  aliases: {
    compact: { back: shape.alone },
    simplified: { back: shape.alone, navigate: shape.words({ back: {} }) },
    sentences: ['go back', 'go back to [the] previous page'],
  },
  run: async (_fields, context) => {
    await travel(context, -1);
    return undefined;
  },
});

const forward = defineCommand({
  name: 'navigate.forward',
  summary: 'Goes one page forward.',
  kind: 'action',
  fields: fields({}),
  examples: [{ command: 'navigate.forward' }],
  aliases: {
    compact: { forward: shape.alone },
    simplified: { forward: shape.alone, navigate: shape.words({ forward: {} }) },
    sentences: ['go forward'],
  },
  run: async (_fields, context) => {
    await travel(context, 1);
    return undefined;
  },
});

const refresh = defineCommand({
  name: 'navigate.refresh',
  summary: 'Loads the page again.',
  kind: 'action',
  fields: fields({}),
  examples: [{ command: 'navigate.refresh' }],
  aliases: {
    compact: { refresh: shape.alone },
    simplified: { refresh: shape.alone, navigate: shape.words({ refresh: {} }) },
    sentences: ['refresh|reload [the] [page]'],
  },
  run: async (_fields, context) => {
    checkArrival(await context.page.reload({ timeout: context.left() }));
    return undefined;
  },
});

export const navigateCommands = [to, back, forward, refresh];
