import { nearest } from '../../schemas/problems.ts';
import { StepError } from '../engine/step-error.ts';

type Modifier = 'Control' | 'Shift' | 'Alt' | 'Meta';

const modifierNames: Readonly<Record<string, Modifier>> = {
  ctrl: 'Control',
  control: 'Control',
  shift: 'Shift',
  alt: 'Alt',
  option: 'Alt',
  meta: 'Meta',
  cmd: 'Meta',
  command: 'Meta',
};

/** Playwright's names of modifier keys. */
export function keyNames(modifiers: readonly string[]): Modifier[] {
  return modifiers.map((name) => modifierNames[name] as Modifier);
}

const named: Readonly<Record<string, string>> = {
  enter: 'Enter',
  return: 'Enter',
  esc: 'Escape',
  escape: 'Escape',
  tab: 'Tab',
  space: 'Space',
  backspace: 'Backspace',
  delete: 'Delete',
  del: 'Delete',
  insert: 'Insert',
  home: 'Home',
  end: 'End',
  pageup: 'PageUp',
  pagedown: 'PageDown',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  arrowup: 'ArrowUp',
  arrowdown: 'ArrowDown',
  arrowleft: 'ArrowLeft',
  arrowright: 'ArrowRight',
  capslock: 'CapsLock',
  contextmenu: 'ContextMenu',
  plus: '+',
};

/**
 * Playwright's name of a key, from the names people use: `enter`, `Esc`, `page-up`, `F5`, `a`, `ctrl+shift+k`.
 * @throws StepError invalid-value.
 */
export function keyName(given: string, modifiers: readonly string[] = []): string {
  const parts = given.length > 1 ? given.split(/\+(?=.)/) : [given];
  const key = parts.pop() ?? '';
  const held = [...modifiers, ...parts].map((part) => modifierNames[part.toLowerCase()] ?? unknownKey(given, part));
  return [...new Set(held), single(key) ?? unknownKey(given, key)].join('+');
}

function single(key: string): string | undefined {
  if ([...key].length === 1) return key === ' ' ? 'Space' : key;
  const folded = key.toLowerCase().replaceAll(/[-_ ]/g, '');
  if (/^f([1-9]|1\d|2[0-4])$/.test(folded)) return folded.toUpperCase();
  return named[folded] ?? modifierNames[folded];
}

function unknownKey(given: string, part: string): never {
  const near = nearest(part.toLowerCase(), [...Object.keys(named), ...Object.keys(modifierNames)]);
  const where = part === given ? '' : ` in '${given}'`;
  throw new StepError('invalid-value', `'${part}'${where} is not a key`, {
    hint: near
      ? `Did you mean '${near}'?`
      : `Use one character, F1 to F24, or one of ${Object.keys(named).join(', ')}; modifiers are ctrl, shift, alt, meta.`,
  });
}
