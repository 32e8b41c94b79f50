import type { CDPSession } from 'playwright-core';

/** One a document of the tab: its number, as the protocol has it. */
const worlds = new WeakMap<CDPSession, Promise<number>>();

/** The number may by now be that of a frame's world: they are counted by process, and pages change theirs. */
const elsewhere = 'elsewhere';

/**
 * Evaluates an expression in a world of its own of a tab's document: it has the page's elements, but not what the page
 * makes of the language (`Map = …`, `Array.from = …`), and the page sees nothing of it.
 * @param limits.timeout milliseconds after which it is ended
 * @returns its value, JSON
 * @throws Error with the browser's words, of a page that is being left too
 */
export async function evaluateInOwnWorld(
  cdp: CDPSession,
  expression: string,
  limits: { timeout?: number } = {},
): Promise<unknown> {
  try {
    return await evaluate(cdp, expression, limits);
  } catch (error) {
    // The world of the document before: this one has none yet.
    if (!isLost(error)) throw error;
    return await evaluate(cdp, expression, limits);
  }
}

async function evaluate(cdp: CDPSession, expression: string, limits: { timeout?: number }): Promise<unknown> {
  const world = worlds.get(cdp) ?? makeWorld(cdp);
  worlds.set(cdp, world);
  try {
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
      expression: `window === top ? (${expression}) : '${elsewhere}'`,
      contextId: await world,
      returnByValue: true,
      ...limits,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    if (result.value === elsewhere) throw new Error('Cannot find context: it is that of a frame');
    return result.value;
  } catch (error) {
    if (isLost(error) && worlds.get(cdp) === world) worlds.delete(cdp);
    throw error;
  }
}

async function makeWorld(cdp: CDPSession): Promise<number> {
  const { frameTree } = await cdp.send('Page.getFrameTree');
  const { executionContextId } = await cdp.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'virtuoso',
  });
  return executionContextId;
}

const isLost = (error: unknown): boolean =>
  error instanceof Error && /Cannot find context|No frame/i.test(error.message);
