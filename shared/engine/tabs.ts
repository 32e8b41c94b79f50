import type { BrowserContext, CDPSession, Frame, Page } from 'playwright-core';
import type { Tabs } from './step-context.ts';
import { StepError } from './step-error.ts';

/** A session's tabs and what befalls them. */
export interface TabDesk extends Tabs {
  frame(): Frame;
  enterFrame(frame: Frame): void;
  cdp(page: Page): Promise<CDPSession>;
  /** Why no step can run any more: a crash, or a browser that is gone. */
  ruin(): StepError | undefined;
  /** Called at once when the session is ruined. */
  onRuin(listener: ((error: StepError) => void) | undefined): void;
  /** Makes every tab known that is open when the session starts. */
  start(): Promise<void>;
}

interface Attached {
  /** Called for every new tab, before anything happens in it. */
  readonly watch: (page: Page) => void;
  readonly note: (sentence: string) => void;
}

export function tabDesk(context: BrowserContext, { watch, note }: Attached): TabDesk {
  const pages: Page[] = [];
  const sessions = new WeakMap<Page, Promise<CDPSession>>();
  let current: Page | undefined;
  let frame: Frame | undefined;
  let ruin: StepError | undefined;
  let listener: ((error: StepError) => void) | undefined;
  let opening = false;

  function spoil(error: StepError): void {
    if (ruin) return;
    ruin = error;
    listener?.(error);
  }

  function onPage(page: Page): void {
    pages.push(page);
    watch(page);
    page.on('close', () => onClose(page));
    page.on('crash', () => spoil(crashed(page)));
    if (current && !opening) note(`a new tab opened: ${page.url() || 'about:blank'}`);
    current ??= page;
  }

  function onClose(page: Page): void {
    const at = pages.indexOf(page);
    pages.splice(at, 1);
    if (current !== page) return;
    current = pages[at - 1] ?? pages[at];
    frame = undefined;
    // Who closes a tab by a step has another one activated before.
    note(`the tab ${page.url()} closed; ${current ? `steps go on in ${current.url()}` : 'no other is open'}`);
  }

  context.on('page', onPage);
  context.on('close', () =>
    spoil(
      new StepError('page-closed', 'the browser is gone', {
        hint: 'It crashed or was closed from outside; run the test again.',
      }),
    ),
  );

  function active(): Page {
    if (ruin) throw ruin;
    if (current) return current;
    throw new StepError('page-closed', 'no tab is open any more', { hint: 'navigate.to opens a new one.' });
  }

  async function open(): Promise<Page> {
    opening = true;
    try {
      return await context.newPage();
    } finally {
      opening = false;
    }
  }

  return {
    list: () => pages,
    active,
    activate: async (page) => {
      current = page;
      frame = undefined;
      await page.bringToFront();
    },
    open,
    frame: () => {
      const page = active();
      if (frame?.isDetached()) {
        frame = undefined;
        note('the chosen frame is gone: steps look in the page itself again');
      }
      return frame ?? page.mainFrame();
    },
    enterFrame: (chosen) => {
      frame = chosen.parentFrame() ? chosen : undefined;
    },
    cdp: (page) => {
      const session = sessions.get(page) ?? context.newCDPSession(page);
      sessions.set(page, session);
      return session;
    },
    ruin: () => ruin,
    onRuin: (next) => {
      listener = next;
    },
    start: async () => {
      for (const page of context.pages()) if (!pages.includes(page)) onPage(page);
      if (pages.length === 0) await open();
    },
  };
}

function crashed(page: Page): StepError {
  return new StepError('page-crashed', `the page ${page.url()} crashed`, {
    hint: 'Its renderer ended: it took too much memory, or met a bug of the browser. The session cannot go on.',
  });
}
