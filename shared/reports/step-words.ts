import type { Condition } from '../../schemas/condition.ts';
import { describeCondition } from '../engine/describe-condition.ts';
import { veil } from '../engine/mask.ts';
import { formatValue } from './format.ts';

/** A piece of a sentence: the field's value where `field` is given, words of ours otherwise. */
export interface Word {
  readonly text: string;
  readonly field?: string;
}

/**
 * How each command reads. `{field}` is replaced by the field's value; what stands in brackets is left out when one of
 * its fields is missing. `{field?}` and `{field!}` print nothing: they keep the bracket when the field is set, or not set.
 */
const sentences: Record<string, string> = {
  'assert.exists': 'See {target}',
  'assert.not-exists': 'See no {target}',
  'assert.visible': '{target} is visible',
  'assert.hidden': '{target} is hidden',
  'assert.checked': '{target} is ticked',
  'assert.not-checked': '{target} is not ticked',
  'assert.selected': '{target} is selected',
  'assert.not-selected': '{target} is not selected',
  'assert.enabled': '{target} is enabled',
  'assert.disabled': '{target} is disabled',
  'assert.equals': '{target} equals {value}',
  'assert.not-equals': '{target} does not equal {value}',
  'assert.contains': '{target} contains {value}',
  'assert.not-contains': '{target} does not contain {value}',
  'assert.gt': '{target} is greater than {value}',
  'assert.gte': '{target} is at least {value}',
  'assert.lt': '{target} is less than {value}',
  'assert.lte': '{target} is at most {value}',
  'assert.matches': '{target} matches {pattern}',
  'assert.attribute': 'Attribute {attribute} of {target} equals {value}',
  'assert.variable': 'Variable {name} [{operator} ]{value}',
  'assert.url': 'The address is[ {value}][ like {pattern}]',
  'assert.title': 'The title is[ {value}][ like {pattern}]',
  'assert.count': 'The number of {target}[ {operator}] {value}',
  'assert.snapshot': 'Looks like the snapshot {name}[ at {target}]',
  'interact.click': 'Click {target}[ at {position}][ with {modifiers}]',
  'interact.double-click': 'Double-click {target}[ at {position}]',
  'interact.right-click': 'Right-click {target}[ at {position}]',
  'interact.hover': 'Hover over {target}[ for {durationMs} ms]',
  'interact.write': 'Write {text}[ into {target}]',
  'interact.key': 'Press [{modifiers} + ]{key}[ in {target}][ × {repeat}]',
  'interact.check': 'Tick {target}',
  'interact.uncheck': 'Untick {target}',
  'interact.select': 'Select[ {option}][ option {index}][ the last option{last?}] in {target}',
  'interact.drag': 'Drag {target} to {to}',
  'interact.focus': 'Focus {target}',
  'interact.blur': 'Leave {target}',
  'mouse.move-to': 'Move the mouse to {target}',
  'mouse.enter': 'Move the mouse into {target}',
  'mouse.move': 'Move the mouse to {x}, {y}',
  'mouse.move-by': 'Move the mouse by {x}, {y}',
  'mouse.down': 'Hold the[ {button}] mouse button[ on {target}]',
  'mouse.up': 'Release the[ {button}] mouse button[ on {target}]',
  'mouse.wheel': 'Turn the wheel by {x}, {y}',
  'navigate.to': 'Go to {url}[ in a new tab{newTab?}]',
  'navigate.back': 'Go back',
  'navigate.forward': 'Go forward',
  'navigate.refresh': 'Reload the page',
  'navigate.scroll-top': 'Scroll to the top',
  'navigate.scroll-bottom': 'Scroll to the bottom',
  'navigate.scroll-up': 'Scroll up',
  'navigate.scroll-down': 'Scroll down',
  'navigate.scroll-to': 'Scroll to {target}',
  'navigate.scroll-position': 'Scroll to {x}, {y}',
  'navigate.scroll-by': 'Scroll by {x}, {y}',
  'window.resize': 'Resize the window to {width} × {height}',
  'window.maximize': 'Maximize the window',
  'window.close-tab': 'Close the tab',
  'window.switch-tab': 'Switch to the[ {direction}] tab[ {index}][ titled {title}][ at {url}]',
  'window.switch-frame': 'Enter the frame[ {target}][ {index}][ named {name}]',
  'window.switch-parent-frame': 'Leave the frame',
  'window.switch-main-frame': 'Return to the page',
  'data.store-text': 'Store the text of {target} as {variable}',
  'data.store-value': 'Store the value of {target} as {variable}',
  'data.store-attribute': 'Store attribute {attribute} of {target} as {variable}',
  'data.store-literal': 'Store {value} as {variable}',
  'data.store-url': 'Store the address as {variable}',
  'data.store-title': 'Store the title as {variable}',
  'data.store-count': 'Store the number of {target} as {variable}',
  'data.cookie-create': 'Set the cookie {name} to {value}',
  'data.cookie-delete': 'Delete the cookie {name}',
  'data.cookies-clear': 'Clear all cookies',
  'data.local-storage-set': 'Set {key} in local storage to {value}',
  'data.local-storage-clear': 'Clear local storage[ of {key}]',
  'dialog.alert': 'Close the alert',
  'dialog.confirm': '[Accept{accept?}][Dismiss{accept!}] the confirmation',
  'dialog.prompt': '[Accept{accept?}][Dismiss{accept!}] the prompt[ with {text}]',
  'wait.element': 'Wait for {target}[ to be {state}]',
  'wait.time': 'Wait {durationMs} ms',
  'wait.url': 'Wait for the address[ {value}][ like {pattern}]',
  'wait.text': 'Wait for the text[ {value}][ like {pattern}]',
  'wait.network-idle': 'Wait until the network is quiet',
  'file.upload': 'Upload[ {url}][ {artifact}][ {name}] to {target}',
  'file.download': 'Download by {target}[ as {variable}]',
  'api.request': 'Request [{method} ]{url}',
  'misc.comment': '{text}',
  'misc.execute': 'Run {script}[ and store the result as {variable}]',
  'misc.screenshot': 'Take a screenshot[ {name}][ of {target}]',
  'misc.log': 'Log {text}',
  'control.if': 'If {condition}',
  'control.loop': 'Repeat[ {times} times][ over {over}][ while {while}][ until {until}]',
  'control.try': 'Try',
  'control.use': 'Use the checkpoint {checkpoint}',
  'control.fail': 'Fail[: {message}]',
  'control.stop': 'Stop[: {message}]',
};

const options = new Set(['command', 'label', 'timeoutMs', 'onFailure', 'optional', 'retry', 'screenshot', 'if']);

/** Says a step in words, its fields' values apart from the words. Secret texts are masked. Unknown commands list their fields. */
export function stepWords(step: { readonly command: string; readonly [field: string]: unknown }): Word[] {
  const fields = step.secret === true ? { ...step, text: veil } : withConditions(step);
  const sentence = Object.hasOwn(sentences, step.command) ? sentences[step.command] : undefined;
  return sentence === undefined ? listFields(fields) : fill(sentence, fields);
}

/** Conditions are fields that have words of their own. */
function withConditions(step: { readonly command: string; readonly [field: string]: unknown }) {
  if (!step.command.startsWith('control.')) return step;
  const said = ['condition', 'while', 'until'].filter(
    (field) => typeof step[field] === 'object' && step[field] !== null,
  );
  const over = Array.isArray(step.over) ? { over: step.over.map(fieldText).join(', ') } : {};
  return {
    ...step,
    ...over,
    ...Object.fromEntries(said.map((field) => [field, describeCondition(step[field] as Condition)])),
  };
}

/** The same as one line of plain text. */
export function stepSentence(step: { readonly command: string; readonly [field: string]: unknown }): string {
  return stepWords(step)
    .map((word) => (word.field ? `“${word.text}”` : word.text))
    .join('');
}

function fill(sentence: string, fields: Record<string, unknown>): Word[] {
  const words: Word[] = [];
  for (const [piece] of sentence.matchAll(/\[[^\]]*\]|[^[]+/g)) {
    const optional = piece.startsWith('[');
    const text = optional ? piece.slice(1, -1) : piece;
    if (optional && !holds(text, fields)) continue;
    for (const part of text.split(/(\{\w+[?!]?\})/)) {
      const field = /^\{(\w+)\}$/.exec(part)?.[1];
      if (field) words.push({ text: fieldText(fields[field]), field });
      else if (part && !part.startsWith('{')) words.push({ text: part });
    }
  }
  return words;
}

function holds(text: string, fields: Record<string, unknown>): boolean {
  return [...text.matchAll(/\{(\w+)([?!]?)\}/g)].every(
    ([, name = '', sign]) => isMissing(fields[name]) === (sign === '!'),
  );
}

function listFields(fields: { readonly command: string; readonly [field: string]: unknown }): Word[] {
  const words: Word[] = [{ text: fields.command }];
  for (const [field, value] of Object.entries(fields))
    if (!options.has(field)) words.push({ text: ` ${field} ` }, { text: fieldText(value), field });
  return words;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}

function fieldText(value: unknown): string {
  if (value === undefined) return '…';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(' + ');
  return typeof value === 'object' ? JSON.stringify(value) : formatValue(value);
}
