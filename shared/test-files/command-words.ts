import { commands, findCommand } from '../commands/index.ts';
import { fold } from './suit-shape.ts';

/** What words name: a command, and the fields that the words say by themselves. */
export interface Meaning {
  readonly command: string;
  readonly fixed: Readonly<Record<string, unknown>>;
  /** The fields that arguments fill, where the words choose others than the command's own. */
  readonly takes?: readonly string[];
}

const is = (command: string, fixed: Meaning['fixed'] = {}, takes?: Meaning['takes']): Meaning => ({
  command,
  fixed,
  ...(takes ? { takes } : {}),
});

/** Other words for the commands, as people and older tools say them: `group.verb` each. */
const otherWords: Readonly<Record<string, Meaning>> = {
  'navigate.url': is('navigate.to'),
  'navigate.goto': is('navigate.to'),
  'navigate.go-to': is('navigate.to'),
  'navigate.open': is('navigate.to'),
  'navigate.visit': is('navigate.to'),
  'navigate.reload': is('navigate.refresh'),
  'navigate.scroll-element': is('navigate.scroll-to'),
  'interact.type': is('interact.write'),
  'interact.fill': is('interact.write'),
  'interact.press': is('interact.key'),
  'interact.press-key': is('interact.key'),
  'interact.tick': is('interact.check'),
  'interact.untick': is('interact.uncheck'),
  'interact.dblclick': is('interact.double-click'),
  'interact.doubleclick': is('interact.double-click'),
  'interact.rightclick': is('interact.right-click'),
  'interact.select-option': is('interact.select', {}, ['target', 'option']),
  'interact.select-index': is('interact.select', {}, ['target', 'index']),
  'interact.select-last': is('interact.select', { last: true }, ['target']),
  'assert.present': is('assert.exists'),
  'assert.element-exists': is('assert.exists'),
  'assert.absent': is('assert.not-exists'),
  'assert.eq': is('assert.equals'),
  'assert.neq': is('assert.not-equals'),
  'assert.greater-than': is('assert.gt'),
  'assert.greater-than-or-equal': is('assert.gte'),
  'assert.less-than': is('assert.lt'),
  'assert.less-than-or-equal': is('assert.lte'),
  'wait.for': is('wait.element'),
  'wait.ms': is('wait.time'),
  'wait.sleep': is('wait.time'),
  'data.store': is('data.store-text'),
  'data.store-element-text': is('data.store-text'),
  'data.store-element-value': is('data.store-value'),
  'data.store-element-attribute': is('data.store-attribute'),
  'data.cookie-set': is('data.cookie-create'),
  'data.cookie-remove': is('data.cookie-delete'),
  'data.cookie-clear': is('data.cookies-clear'),
  'data.cookie-clear-all': is('data.cookies-clear'),
  'dialog.accept': is('dialog.confirm', { accept: true }),
  'dialog.ok': is('dialog.confirm', { accept: true }),
  'dialog.cancel': is('dialog.confirm', { accept: false }),
  'dialog.dismiss': is('dialog.alert'),
  'dialog.dismiss-alert': is('dialog.alert'),
  'dialog.dismiss-prompt': is('dialog.prompt', { accept: false }, []),
  'dialog.dismiss-prompt-with-text': is('dialog.prompt', { accept: true }, ['text']),
  'window.close': is('window.close-tab'),
  'window.switch-iframe': is('window.switch-frame'),
  'window.switch-parent': is('window.switch-parent-frame'),
  'window.switch-main': is('window.switch-main-frame'),
  'misc.js': is('misc.execute'),
  'misc.javascript': is('misc.execute'),
  'misc.note': is('misc.comment'),
};

/** All words that name a command, `group.verb`. */
export const commandWords: readonly string[] = [...commands.map(({ name }) => name), ...Object.keys(otherWords)];

const groups: ReadonlySet<string> = new Set(commands.map(({ name }) => name.split('.')[0] ?? ''));

/** True for the first part of commands' names: `interact`. */
export const isGroup = (word: string): boolean => groups.has(fold(word));

/**
 * What words can mean: a group and its verb (`interact`, `double`, `click`), or a verb alone (`double-click`), which
 * several groups may have. Case does not count, nor how words are joined.
 */
export function meaningsOf(words: readonly string[]): Meaning[] {
  const [first = '', ...rest] = words.flatMap((word) => word.split(/[.\s]+/)).map(fold);
  if (groups.has(first) && rest.length > 0)
    return [meaningOf(`${first}.${rest.join('-')}`)].flatMap((one) => one ?? []);
  const verb = [first, ...rest].join('-');
  const found = commandWords.filter((name) => name.slice(name.indexOf('.') + 1) === verb).map(meaningOf);
  const distinct = new Map(found.flatMap((one) => (one ? [[JSON.stringify(one), one]] : [])));
  return [...distinct.values()];
}

/** The verbs that mean a command by themselves, its own first. */
export function wordsFor(command: string): { verb: string; meaning: Meaning }[] {
  const others = Object.entries(otherWords).filter(([, meaning]) => meaning.command === command && meaning.takes);
  return [[command, is(command)] as const, ...others].map(([name, meaning]) => ({
    verb: name.slice(name.indexOf('.') + 1),
    meaning,
  }));
}

function meaningOf(name: string): Meaning | undefined {
  return findCommand(name) ? is(name) : Object.hasOwn(otherWords, name) ? otherWords[name] : undefined;
}
