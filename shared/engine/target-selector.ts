import type { PageLocator, PageQuery } from './page-locator.ts';
import { pageProgram } from './page-program.ts';

const engine = 'virtuoso';

/**
 * A Playwright selector for the one element that a query means at the moment of acting: between a look at the page and
 * the action, and while the action waits, a list may be drawn anew, and the place where the element was may hold another.
 */
export const targetSelector = (query: PageQuery): string => `${engine}=${JSON.stringify(query)}`;

let registered: Promise<void> | undefined;

/** Makes Playwright understand `targetSelector`: once a process. */
export function registerTargetSelector(): Promise<void> {
  registered ??= import('playwright-core').then(({ selectors }) =>
    // Out of the reach of what the page makes of the language.
    selectors.register(engine, `(${selectorEngine})('${plainLetters(pageProgram)}')`, { contentScript: true }),
  );
  return registered;
}

/**
 * Playwright sends the engine with its own script to every document, as a text within a text: each quote and line break
 * of it would be escaped, twice, which takes longer (8 ms) than all else that it does there.
 */
function plainLetters(program: string): string {
  const ascii = program.replace(/[^ -~\n]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(ascii, 'latin1').toString('base64');
}

/** Evaluated in every document that something is looked up in: the program is run where it is needed. */
function selectorEngine(program: string) {
  let locator: PageLocator | undefined;
  const meant = (query: string): Element | undefined => {
    // biome-ignore lint/security/noGlobalEval: it is our own program, in a world of its own.
    locator ??= globalThis.eval(atob(program)) as PageLocator;
    return locator.meant(JSON.parse(query));
  };
  return {
    query: (_root: Node, query: string) => meant(query),
    queryAll: (_root: Node, query: string) => [meant(query)].filter((element) => element !== undefined),
  };
}
