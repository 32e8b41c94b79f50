import type { StepContext } from './step-context.ts';
import { StepError } from './step-error.ts';

/** Characters of JSON that a script may give back. */
const LARGEST_VALUE = 5_000_000;

interface Returned {
  readonly json?: string;
  readonly thrown?: string;
  readonly unfit?: string;
  readonly large?: true;
}

/**
 * Runs the body of an async function in the page's own world.
 * @param args what the script sees as `args`; JSON.
 * @returns what it returned; undefined when it returned nothing.
 * @throws StepError script-error when it throws or returns what is not JSON; timeout when it does not end.
 */
export async function runScript(context: StepContext, script: string, args: unknown): Promise<unknown> {
  const cdp = await context.cdp();
  // A script that never ends would keep the page busy for ever, and every later step with it.
  const terminate = (): void => void cdp.send('Runtime.terminateExecution').catch(() => undefined);
  context.signal.addEventListener('abort', terminate, { once: true });
  const returned = (await context.frame.evaluate(wrap(script, args)).catch((error: Error) => {
    if (!error.message.includes('SyntaxError')) throw error;
    throw scriptError(error.message.replace(/^.*SyntaxError/s, 'SyntaxError').split('\n')[0] ?? '', error);
  })) as Returned | undefined;
  if (returned === undefined) {
    throw new StepError('script-error', 'the script ended, but the page gave nothing back that can be read', {
      hint: 'The page has replaced what its scripts rest on, such as Map or JSON: no value can be taken out of it.',
    });
  }
  if (returned.thrown !== undefined) throw scriptError(returned.thrown);
  if (returned.large) {
    throw new StepError('script-error', `the script returned more than ${LARGEST_VALUE / 1e6} MB`, {
      hint: 'Return what the test needs of it.',
    });
  }
  if (returned.unfit !== undefined) {
    throw new StepError('script-error', `the script returned ${returned.unfit}, which is not JSON`, {
      hint: 'Return text, numbers, booleans, null, lists or plain objects.',
    });
  }
  return returned.json === undefined ? undefined : JSON.parse(returned.json);
}

function scriptError(message: string, cause?: unknown): StepError {
  return new StepError('script-error', `the script threw ${message}`, {
    hint: 'The script is the body of a function in the page: it sees the page and args, and gives back what it returns.',
    cause,
  });
}

/** An expression, so that a content security policy without 'unsafe-eval' does not forbid it. */
function wrap(script: string, args: unknown): string {
  return `(async () => {
    let value;
    try {
      value = await (async (args) => {
${script}
      })(${JSON.stringify(args ?? null)});
    } catch (error) {
      return { thrown: String(error) };
    }
    if (value === undefined) return {};
    try {
      const json = JSON.stringify(value);
      const plain = json !== undefined && (typeof value !== 'object' || value === null || !(value instanceof Node || value instanceof Window));
      if (plain && json.length > ${LARGEST_VALUE}) return { large: true };
      return plain ? { json } : { unfit: Object.prototype.toString.call(value) };
    } catch (error) {
      return { unfit: String(error) };
    }
  })()`;
}
