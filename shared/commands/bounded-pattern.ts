import { type Context, createContext, Script } from 'node:vm';
import { StepError } from '../engine/step-error.ts';

/** What texts are tested by. */
export interface Pattern {
  /** @throws StepError invalid-value when it cannot be said within `LONGEST_MS` whether the text fits */
  test(text: string): boolean;
}

/** A pattern that backtracks without end would hold the whole instance, and no step's time limit could end it. */
const LONGEST_MS = 1000;

let room: { readonly script: Script; readonly globals: Record<string, unknown>; readonly context: Context } | undefined;

/** A regular expression of a user's, which runs in this process: it is stopped where it takes too long. */
export function boundedPattern(pattern: RegExp): Pattern {
  return {
    test(text) {
      room ??= newRoom();
      const { script, globals, context } = room;
      Object.assign(globals, { pattern, text });
      try {
        return script.runInContext(context, { timeout: LONGEST_MS }) as boolean;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        throw new StepError('invalid-value', `${pattern} takes too long on a text of ${text.length} characters`, {
          hint: 'Leave out repetitions inside of repetitions, such as (a+)+.',
        });
      }
    },
  };
}

/** Only `vm` can stop code that runs; nothing but the test runs there. */
function newRoom() {
  const globals: Record<string, unknown> = {};
  return { globals, context: createContext(globals), script: new Script('pattern.test(text)') };
}
