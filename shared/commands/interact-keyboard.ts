import type { Locator } from 'playwright-core';
import { defineCommand } from '../define/command.ts';
import { fieldOf, focusedElement } from '../engine/secret-fields.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { fields, flag, integer, modifiers, target, text } from './fields.ts';
import { keyName } from './keys.ts';

const write = defineCommand({
  name: 'interact.write',
  summary: 'Writes text into the field, or into the focused one.',
  kind: 'action',
  fields: fields(
    { text: text('What to write; may be empty.') },
    {
      target,
      clear: flag('Empties the field first.', true),
      delayMs: integer('Between two keys, in ms; 0 sets the text at once.', { minimum: 0, maximum: 5000, default: 0 }),
      secret: flag('Masks the text in every record.', false),
    },
  ),
  examples: [
    { command: 'interact.write', target: 'Email', text: 'ada@example.com' },
    { command: 'interact.write', target: 'Password', text: 'correct horse', secret: true },
  ],
  aliases: {
    compact: { t: [shape.text('text'), shape.pair('target', shape.text('text'))] },
    simplified: shape.named(
      ['write', 'type'],
      [
        shape.text('text'),
        shape.keys({
          ...shape.named([...shape.elementNames, 'into'], shape.target()),
          ...shape.named(['text', 'value', 'content'], shape.text('text')),
          clear: shape.anything('clear'),
          delay: shape.number('delayMs'),
          secret: shape.anything('secret'),
        }),
      ],
    ),
    sentences: [
      'write|type|enter|input|put {text} in|into [the] {target}',
      'fill {text:quoted} in|into [the] {target}',
      'fill [in] {target} with {text}',
      { says: 'clear [the] {target}', fixed: { text: '' } },
      'write|type {text:word}',
    ],
  },
  lasts: ({ text, delayMs = 0 }) => text.length * delayMs,
  run: async ({ text, target, clear = true, delayMs = 0, secret = false }, context) => {
    if (secret) context.mask(text);
    const { locator: field, facts } = target === undefined ? {} : await context.find(target, 'field');
    if (secret || context.masked(text) !== text) await coverField(field, context);
    if (field && clear && delayMs === 0) {
      if (facts?.type && PARTICULAR.test(facts.type)) await requireForm(field, text, context);
      await field.fill(text, { timeout: context.left() });
    } else await type(field, text, { clear, delayMs }, context);
    return undefined;
  },
});

/** Types of fields that hold texts of one form alone. */
const PARTICULAR = /^(date|time|datetime-local|month|week|range|color)$/;

/** The browser drops what such a field cannot hold, and says nothing. @throws StepError invalid-value */
async function requireForm(field: Locator, text: string, context: StepContext): Promise<void> {
  const refusing = await field.evaluate(typeThatRefuses, text, { timeout: context.left() });
  if (refusing === null) return;
  throw new StepError('invalid-value', `'${text}' is nothing that a field of type ${refusing} can hold`, {
    hint: 'Whatever the page shows: a date is written 2026-01-31, a time 09:05, both 2026-01-31T09:05, a month 2026-01, a week 2026-W05, a colour #ff8800.',
  });
}

/** Runs in the page. @returns the type of a field that would hold something else than the text */
function typeThatRefuses(node: Element, text: string): string | null {
  const field = node instanceof HTMLLabelElement ? node.control : node;
  if (text === '' || !(field instanceof HTMLInputElement)) return null;
  const { type } = field;
  if (type === 'color') return CSS.supports('color', text.trim()) ? null : type;
  const probe = field.cloneNode() as HTMLInputElement;
  probe.value = text.trim();
  const kept = type === 'range' ? Number(probe.value) === Number(text) : probe.value !== '';
  return kept ? null : type;
}

/** Before the first character is there. */
async function coverField(field: Locator | undefined, context: StepContext): Promise<void> {
  const found = field
    ? await field.evaluateHandle(fieldOf, undefined, { timeout: context.left() })
    : await context.frame.evaluateHandle(focusedElement);
  const element = found.asElement();
  if (element) await context.cover(element);
}

async function type(
  field: Locator | undefined,
  text: string,
  options: { clear: boolean; delayMs: number },
  context: StepContext,
): Promise<void> {
  if (field && options.clear) await field.fill('', { timeout: context.left() });
  else if (field) await focusToAdd(field, context);
  else await requireFocus(context);
  const { keyboard } = context.page;
  if (!field && options.clear) await keyboard.press('ControlOrMeta+A').then(() => keyboard.press('Delete'));
  if (options.delayMs === 0) await keyboard.insertText(text);
  for (const character of options.delayMs === 0 ? [] : text) {
    await keyboard.type(character);
    await context.sleep(options.delayMs);
  }
}

/** Waits until the field takes text, and gives it the focus. @throws StepError not-actionable when it does not */
async function focusToAdd(field: Locator, context: StepContext): Promise<void> {
  let obstacle: string | null | undefined;
  const { passed } = await context.poll(async () => {
    obstacle = await tryToFocus(field, context).catch((error: Error) => {
      // The last try may run out of time: what was in the way before it still is.
      if (obstacle) return obstacle;
      throw error;
    });
    return { passed: obstacle === null };
  });
  if (passed) return;
  throw new StepError('not-actionable', `nothing can be written here: the element ${obstacle}`, {
    hint: 'Wait for what makes it take text, or point the target at the field itself.',
  });
}

async function tryToFocus(field: Locator, context: StepContext): Promise<string | null> {
  const element = await field.evaluateHandle(fieldOf, undefined, { timeout: context.left() });
  const obstacle = await element.evaluate(focusOn);
  if (obstacle === null) await element.evaluate(placeCaretAtEnd);
  await element.dispose();
  return obstacle;
}

/** Runs in the page. @returns why the element takes no text; null when it has the focus */
function focusOn(node: Element): string | null {
  if (!node.checkVisibility({ visibilityProperty: true })) return 'is not visible';
  if (node.matches(':disabled') || node.closest('[aria-disabled=true]')) return 'is not enabled';
  if ((node as HTMLInputElement).readOnly === true || node.getAttribute('aria-readonly') === 'true')
    return 'is read-only';
  const editor = (node as HTMLElement).isContentEditable ? node.closest('[contenteditable]') : null;
  ((editor ?? node) as HTMLElement).focus();
  const focused = (node.getRootNode() as Document | ShadowRoot).activeElement;
  const within = focused && (node.contains(focused) || focused.contains(editor));
  return within ? null : 'does not take the focus';
}

/** Runs in the page. */
function placeCaretAtEnd(node: Element): void {
  if (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement) {
    try {
      node.setSelectionRange(node.value.length, node.value.length);
    } catch {
      // Fields of some types (number, email) have no caret to place; focusing leaves it at the end.
    }
    return;
  }
  const selection = node.ownerDocument.getSelection();
  selection?.selectAllChildren(node);
  selection?.collapseToEnd();
}

async function requireFocus(context: StepContext): Promise<void> {
  const focused = await context.frame.evaluate(() => {
    const at = document.activeElement;
    return at !== null && at !== document.body && at !== document.documentElement;
  });
  if (!focused) {
    throw new StepError('not-actionable', 'no field has the focus', {
      hint: 'Give the step a target, or click or focus the field first.',
    });
  }
}

const key = defineCommand({
  name: 'interact.key',
  summary: 'Presses a key.',
  kind: 'action',
  fields: fields(
    { key: text('The key: enter, esc, tab, up, a, F5, ctrl+k …', { minLength: 1 }) },
    { target, modifiers, repeat: integer('How often.', { minimum: 1, maximum: 1000, default: 1 }) },
  ),
  examples: [{ command: 'interact.key', key: 'tab', target: 'Email', modifiers: ['shift'], repeat: 2 }],
  aliases: {
    compact: { k: shape.text('key') },
    simplified: shape.named(
      ['key', 'press'],
      [
        shape.text('key'),
        shape.keys({
          key: shape.text('key'),
          ...shape.named(shape.elementNames, shape.target()),
          modifiers: shape.anything('modifiers'),
          ...shape.named(['repeat', 'times'], shape.number('repeat')),
        }),
      ],
    ),
    sentences: ['press|hit [the] [key] {key:key} [key]'],
  },
  run: async ({ key, target, modifiers = [], repeat = 1 }, context) => {
    const name = keyName(key, modifiers);
    if (target !== undefined) await (await context.find(target, 'interact')).locator.focus({ timeout: context.left() });
    for (let pressed = 0; pressed < repeat; pressed++) {
      context.signal.throwIfAborted();
      await context.page.keyboard.press(name);
    }
    return undefined;
  },
});

export const keyboardCommands = [write, key];
