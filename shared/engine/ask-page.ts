import type { CDPSession, Frame } from 'playwright-core';
import { evaluateInOwnWorld } from './own-world.ts';
import type { PageAnswer, PageQuery } from './page-locator.ts';
import { pageProgram } from './page-program.ts';
import { StepError } from './step-error.ts';

const slot = "Symbol.for('virtuoso.locate')";

/** Kept in the page under a symbol: sent once a document, so that every further question is one short message. */
const installation = `Object.defineProperty(globalThis, ${slot}, { value: (${pageProgram}).ask, configurable: true })`;

/** Evaluates an expression whose value is JSON. */
type Evaluate = (expression: string) => Promise<unknown>;

/** A pattern that takes so long backtracks without end: the page would be busy for ever, and every later step with it. */
const LONGEST_MS = 3000;

/**
 * Asks a frame for the elements of a query. The page itself is asked by the protocol: Playwright would take two DOM
 * snapshots for the trace at every question, and questions are many.
 */
export async function askPage(frame: Frame, cdp: () => Promise<CDPSession>, query: PageQuery): Promise<PageAnswer> {
  const evaluate = frame.parentFrame() === null ? ofPage(await cdp(), query) : ofFrame(frame, cdp, query);
  const question = `globalThis[${slot}]?.(${JSON.stringify(query)})`;
  const first = await evaluate(question);
  if (first) return first as PageAnswer;
  return (await evaluate(`${installation} && ${question}`)) as PageAnswer;
}

/** Makes a page's document ready for questions before the first one comes: called when it is there, and waited for by nobody. */
export async function readyPage(cdp: Promise<CDPSession>): Promise<void> {
  try {
    await evaluateInOwnWorld(await cdp, `globalThis[${slot}] ? true : !!${installation}`);
  } catch {
    // The document is gone already: the next one is made ready in its turn, or by the first question.
  }
}

/** Only the question is ended, never what the page itself is busy with. */
function ofPage(cdp: CDPSession, { by }: PageQuery): Evaluate {
  return async (expression) => {
    try {
      return await evaluateInOwnWorld(cdp, expression, by === 'pattern' ? { timeout: LONGEST_MS } : {});
    } catch (error) {
      if (by !== 'pattern' || !(error instanceof Error && error.message.includes('terminated'))) throw error;
      throw endless(error);
    }
  };
}

function ofFrame(frame: Frame, cdp: () => Promise<CDPSession>, { by }: PageQuery): Evaluate {
  if (by !== 'pattern') return (expression) => frame.evaluate(expression);
  return async (expression) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      cdp()
        .then((session) => session.send('Runtime.terminateExecution'))
        .catch(() => undefined);
    }, LONGEST_MS);
    try {
      return await frame.evaluate(expression);
    } catch (error) {
      throw late ? endless(error) : error;
    } finally {
      clearTimeout(timer);
    }
  };
}

function endless(cause: unknown): StepError {
  return new StepError('invalid-value', `the pattern takes longer than ${LONGEST_MS / 1000} s on this page`, {
    hint: 'Leave out repetitions inside of repetitions, such as (a+)+.',
    cause,
  });
}
