import type { Dialog, Page } from 'playwright-core';
import type { AnsweredDialog, DialogAnswer } from './step-context.ts';

/** A dialog that waits for its answer. */
export interface OpenDialog {
  readonly kind: string;
  readonly message: string;
  /** What a prompt proposes. */
  readonly proposed?: string;
}

/** Answers every dialog, so that none can hang a session. */
export interface DialogDesk {
  watch(page: Page): void;
  /** Answers the next fitting dialog; gives back the one that is open, or that `ahead` answered already. */
  arm(answer: DialogAnswer): AnsweredDialog | undefined;
  /**
   * What the coming dialog steps would answer, in their order: people write the answers after the step that raises the
   * questions.
   * @param isAnswer called for a dialog step: its own answer is the first.
   */
  ahead(answers: readonly DialogAnswer[], isAnswer: boolean): void;
  /** The dialog that is open: it waits for the next step. */
  pending(): OpenDialog | undefined;
  /** Begins a step: one that answers no dialog finds none open. `holds`: a dialog may wait for the step after it. */
  begin(step: { answers: boolean; holds: boolean }): Promise<void>;
  /** Ends a step. */
  end(): void;
  /** Resolves when a dialog is left open while the step runs: the step has done its work, and would wait for ever. */
  opened(): Promise<void>;
}

/**
 * @param note receives a sentence for the record of the step that raised a dialog.
 * @param live a dialog that nothing answers stays open for the next step, which its author has not written yet.
 */
export function dialogDesk(note: (sentence: string) => void, live = false): DialogDesk {
  let armed: DialogAnswer[] = [];
  /** Whether the step before was a dialog step, too: what it armed is for the dialog before. */
  let inRow = false;
  let coming: DialogAnswer[] = [];
  let answered: AnsweredDialog[] = [];
  let open: Dialog | undefined;
  let holds = live;
  let opened = Promise.withResolvers<void>();

  function choose(kind: string): DialogAnswer | undefined {
    const answer = armed.find((one) => fits(one, kind));
    if (answer) {
      armed = armed.filter((one) => one !== answer);
      return answer;
    }
    return fits(coming[0], kind) ? coming[0] : undefined;
  }

  async function answer(dialog: Dialog): Promise<void> {
    const kind = dialog.type();
    if (kind === 'beforeunload') {
      note('the page asked whether to leave it: it was left');
      return dialog.accept();
    }
    const chosen = choose(kind);
    if (chosen === undefined) return holds && !open ? hold(dialog) : await dismiss(dialog);
    if (chosen === coming[0]) {
      coming.shift();
      answered.push({ kind, message: dialog.message(), accepted: chosen.accept });
    }
    return await give(dialog, chosen);
  }

  function hold(dialog: Dialog): void {
    open = dialog;
    note(`${article(dialog)} is open: the next step answers it, or finds it dismissed`);
    opened.resolve();
  }

  function dismiss(dialog: Dialog): Promise<void> {
    note(`${article(dialog)} was dismissed: no step had armed an answer for it`);
    return dialog.dismiss();
  }

  function takeOpen(): Dialog | undefined {
    const taken = open;
    open = undefined;
    opened = Promise.withResolvers();
    return taken;
  }

  return {
    watch: (page) => {
      page.on('dialog', (dialog) => void answer(dialog).catch(() => undefined));
      page.on('close', () => {
        if (open?.page() === page) takeOpen();
      });
    },
    arm: (wanted) => {
      const early = answered.shift();
      if (early) return early;
      coming.shift();
      const dialog = takeOpen();
      if (dialog && fits(wanted, dialog.type())) {
        void give(dialog, wanted).catch(() => undefined);
        return { kind: dialog.type(), message: dialog.message(), accepted: wanted.accept };
      }
      if (dialog) void dismiss(dialog).catch(() => undefined);
      armed = inRow ? [...armed, wanted] : [wanted];
      inRow = true;
      return undefined;
    },
    ahead: (answers, isAnswer) => {
      if (!isAnswer) {
        answered = [];
        inRow = false;
      }
      coming = answers.slice(answered.length);
    },
    pending: () => open && described(open),
    begin: async (step) => {
      holds = live && step.holds;
      const dialog = step.answers ? undefined : takeOpen();
      if (dialog) await dismiss(dialog).catch(() => undefined);
    },
    end: () => {
      holds = live;
    },
    opened: () => opened.promise,
  };
}

const give = (dialog: Dialog, { accept, text }: DialogAnswer): Promise<void> =>
  accept ? dialog.accept(text ?? dialog.defaultValue()) : dialog.dismiss();

function described(dialog: Dialog): OpenDialog {
  const kind = dialog.type();
  return { kind, message: dialog.message(), ...(kind === 'prompt' ? { proposed: dialog.defaultValue() } : {}) };
}

const fits = (answer: DialogAnswer | undefined, kind: string): answer is DialogAnswer =>
  answer !== undefined && (answer.kind === 'any' || answer.kind === kind);

function article(dialog: Dialog): string {
  const kind = dialog.type();
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} "${dialog.message()}"`;
}
