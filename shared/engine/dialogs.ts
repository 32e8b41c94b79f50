import type { Dialog, Page } from 'playwright-core';
import type { AnsweredDialog, DialogAnswer } from './step-context.ts';

/** Answers every dialog at once, so that none can hang a session. */
export interface DialogDesk {
  watch(page: Page): void;
  /** Answers the next fitting dialog; gives back the one that `ahead` answered already. */
  arm(answer: DialogAnswer): AnsweredDialog | undefined;
  /** What the coming step would answer: people write the answer after the step that raises the question. */
  ahead(answer: DialogAnswer | undefined): void;
}

/** @param note receives a sentence for the record of the step that raised a dialog. */
export function dialogDesk(note: (sentence: string) => void): DialogDesk {
  let armed: DialogAnswer | undefined;
  let coming: DialogAnswer | undefined;
  let answered: AnsweredDialog | undefined;

  function choose(kind: string): DialogAnswer | undefined {
    if (fits(armed, kind)) {
      const answer = armed;
      armed = undefined;
      return answer;
    }
    if (!answered && fits(coming, kind)) return coming;
    return undefined;
  }

  async function answer(dialog: Dialog): Promise<void> {
    const kind = dialog.type();
    if (kind === 'beforeunload') {
      note('the page asked whether to leave it: it was left');
      return dialog.accept();
    }
    const early = coming;
    const chosen = choose(kind);
    if (chosen === undefined)
      note(`${article(kind)} "${dialog.message()}" was dismissed: no step had armed an answer for it`);
    if (chosen !== undefined && chosen === early)
      answered = { kind, message: dialog.message(), accepted: chosen.accept };
    return chosen?.accept ? dialog.accept(chosen.text ?? dialog.defaultValue()) : dialog.dismiss();
  }

  return {
    watch: (page) => void page.on('dialog', (dialog) => void answer(dialog).catch(() => undefined)),
    arm: (wanted) => {
      const early = answered;
      answered = undefined;
      if (!early) armed = wanted;
      return early;
    },
    ahead: (next) => {
      coming = next;
    },
  };
}

const fits = (answer: DialogAnswer | undefined, kind: string): answer is DialogAnswer =>
  answer !== undefined && (answer.kind === 'any' || answer.kind === kind);

const article = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
