import type { ElementHandle, Locator, Page } from 'playwright-core';

/** The fields in which secrets were written: unreadable in every picture from then on, for as long as they live. */
export interface SecretFields {
  add(field: ElementHandle): Promise<void>;
  /** Makes them unreadable again where the page has changed that: before every picture. */
  cover(): Promise<void>;
  /** Takes a picture of the page in which they are boxes of one colour, as Playwright's option `mask` makes them. */
  within<T>(page: Page, shoot: (mask: Locator[]) => Promise<T>): Promise<T>;
}

const mark = 'data-virtuoso-secret';

export function secretFields(): SecretFields {
  let fields: ElementHandle[] = [];

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

  const cover = (): Promise<void> => each((field) => field.evaluate(makeUnreadable));

  return {
    async add(field) {
      await field.evaluate(makeUnreadable);
      fields.push(field);
    },
    cover,
    async within(page, shoot) {
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
