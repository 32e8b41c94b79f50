import type { ElementHandle, Frame, Locator, Page } from 'playwright-core';

/** The fields in which secrets were written: unreadable in every picture from then on, for as long as they live. */
export interface SecretFields {
  add(field: ElementHandle): Promise<void>;
  /** Makes them unreadable again where the page has changed that, or put another in their place: before every picture. */
  cover(page: Page): Promise<void>;
  /** Takes a picture of the page in which they are boxes of one colour, as Playwright's option `mask` makes them. */
  within<T>(page: Page, shoot: (mask: Locator[]) => Promise<T>): Promise<T>;
}

/** The field was there a moment ago. */
const MOVED_MS = 500;

const mark = 'data-virtuoso-secret';

/** What is shorter than this may be in any field. */
const SHORTEST_PART = 4;

/** @param secrets what is secret by now */
export function secretFields(secrets: () => readonly string[]): SecretFields {
  let fields: ElementHandle[] = [];
  let written = false;

  const tells = (value: string): boolean =>
    secrets().some((secret) => value === secret || (secret.length >= SHORTEST_PART && value.includes(secret)));

  /** Pages that show what was typed often do so in another field, which takes the place of the first. */
  async function addMoved(frame: Frame): Promise<void> {
    const all = frame.locator('input, textarea');
    const values = await all.evaluateAll(readableValues);
    for (const [at, value] of values.entries()) {
      if (value === '' || !tells(value)) continue;
      fields.push(await all.nth(at).elementHandle({ timeout: MOVED_MS }));
    }
  }

  /** Does it with every field; those whose page is gone are forgotten. */
  async function each(work: (field: ElementHandle) => Promise<void>): Promise<void> {
    const alive = await Promise.all(
      fields.map((field) =>
        work(field).then(
          () => true,
          () => false,
        ),
      ),
    );
    fields = fields.filter((_, at) => alive[at]);
  }

  async function addAllMoved(page: Page): Promise<void> {
    // A frame that is being left shows nothing of it.
    if (written) await Promise.all(page.frames().map((frame) => addMoved(frame).catch(() => undefined)));
  }

  async function cover(page: Page): Promise<void> {
    await addAllMoved(page);
    await each((field) => field.evaluate(makeUnreadable));
  }

  return {
    async add(field) {
      await field.evaluate(makeUnreadable);
      fields.push(field);
      written = true;
    },
    cover,
    async within(page, shoot) {
      await addAllMoved(page);
      if (fields.length === 0) return shoot([]);
      await each((field) => field.evaluate((node, name) => (node as Element).setAttribute(name, ''), mark));
      try {
        return await shoot(page.frames().map((frame) => frame.locator(`[${mark}]`)));
      } finally {
        await each((field) => field.evaluate((node, name) => (node as Element).removeAttribute(name), mark));
      }
    },
  };
}

/** Runs in the page: what its fields show of their values; nothing for those that show dots. */
const readableValues = (all: Element[]): string[] =>
  all.map((field) =>
    getComputedStyle(field).getPropertyValue('-webkit-text-security') === 'none'
      ? (field as HTMLInputElement).value
      : '',
  );

/** Runs in the page. A password field shows dots by itself, until somebody asks the page to show what was typed. */
function makeUnreadable(node: Node): void {
  (node as HTMLElement).style.setProperty('-webkit-text-security', 'disc', 'important');
}

/** Runs in the page: the field that a label is for, else the element itself. */
export function fieldOf(node: Element): Element {
  if (node.matches('input, textarea, select') || (node as HTMLElement).isContentEditable) return node;
  return node.closest('label')?.control ?? node;
}

/** Runs in the page: what has the focus, within components too; null when nothing has. */
export function focusedElement(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
