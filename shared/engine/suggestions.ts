import type { Suggestion } from '../../schemas/live.ts';
import type { OpenDialog } from './dialogs.ts';
import { actable, type Element } from './snapshots.ts';

/** What a form needs before it is sent is at least so likely. */
const NEEDED = 0.85;

/** What people put into a field of such a name; the first that fits. */
const SAMPLES: readonly (readonly [RegExp, string])[] = [
  [/e-?mail/i, 'ada@example.com'],
  [/password|passwort|passphrase/i, 'Correct-horse-1'],
  [/phone|mobile|tel\b/i, '+1 555 0100'],
  [/zip|postal/i, '12345'],
  [/card number/i, '4242424242424242'],
  [/\b(cvc|cvv)\b/i, '123'],
  [/date|birthday|\bday\b/i, '2026-01-31'],
  [/url|website|homepage/i, 'https://example.com'],
  [/first name|given name/i, 'Ada'],
  [/last name|surname|family name/i, 'Lovelace'],
  [/name/i, 'Ada Lovelace'],
  [/street|address/i, '1 Main Street'],
  [/city|town/i, 'London'],
  [/quantity|amount|number|count|age/i, '1'],
];
/** What takes a form, or a person, on. */
const ONWARD =
  /^(sign|log) ?(in|up)\b|^(submit|save|continue|next|order|buy|pay|place order|checkout|check out|search|send|add|create|register|subscribe|confirm|apply|go)\b/i;
const CONSENT = /\b(agree|accept|terms|conditions|privacy)\b/i;
/** What searches a site stands on each of its pages, and is no part of their forms. */
const SEARCHING = /\bsearch\b/i;
const LEAVING = /\b(log ?out|sign ?out|delete|remove|cancel|close|unsubscribe|reset)\b/i;

/**
 * What could be done next on a page: fields that are empty, then what takes it on, then where links lead. Each is a step
 * that can be sent as it is.
 * @param tree the accessibility tree, an element a line
 */
export function suggestionsOf(tree: string): Suggestion[] {
  const elements = actable(tree).filter(({ disabled }) => !disabled);
  const state = {
    unfinished: elements.some((element) => suggestionOf(element, NOTHING).some(({ score }) => score >= NEEDED)),
    search: elements.find(isSearch)?.value,
  };
  return elements.flatMap((element) => suggestionOf(element, state)).sort((a, b) => b.score - a.score);
}

/** How an open dialog can be answered. */
export function answersTo({ kind }: OpenDialog): Suggestion[] {
  const reason = `${kind === 'alert' ? 'an' : 'a'} ${kind} is open`;
  if (kind === 'alert') return [{ step: { command: 'dialog.alert' }, score: 1, reason }];
  const command = kind === 'prompt' ? 'dialog.prompt' : 'dialog.confirm';
  return [
    { step: { command, accept: true }, score: 0.7, reason },
    { step: { command, accept: false }, score: 0.3, reason },
  ];
}

/** Whether a form lacks something; and what is written where one searches, if there is such a field. */
interface State {
  readonly unfinished: boolean;
  readonly search: string | undefined;
}
const NOTHING: State = { unfinished: true, search: undefined };

const isField = ({ role }: Element): boolean => /^(textbox|searchbox|spinbutton)$/.test(role);

const isSearch = (element: Element): boolean =>
  element.role === 'searchbox' || (isField(element) && SEARCHING.test(element.name));

function suggestionOf(element: Element, { unfinished, search }: State): Suggestion[] {
  const { role, name, target, value, checked, options } = element;
  const suggest = (step: Suggestion['step'], score: number, reason: string) => [{ step, score, reason }];
  if (isField(element)) {
    if (value !== '') return [];
    const secret = /password|passwort|passphrase/i.test(name) ? { secret: true } : {};
    const text = SAMPLES.find(([fits]) => fits.test(name))?.[1] ?? (role === 'spinbutton' ? '1' : 'Test');
    const score = isSearch(element) ? 0.5 : 0.9;
    return suggest({ command: 'interact.write', target, text, ...secret }, score, 'the field is empty');
  }
  if (role === 'combobox' || role === 'listbox') {
    const [first, ...others] = options;
    const option = others.find((one) => one.name !== '' && !one.selected)?.name;
    if (!first?.selected || option === undefined) return [];
    const chosen = !/^(choose|select|please|-|$)/i.test(first.name);
    return suggest({ command: 'interact.select', target, option }, chosen ? 0.5 : 0.88, 'the first option is chosen');
  }
  if (role === 'checkbox' || role === 'switch') {
    if (checked) return [];
    return suggest({ command: 'interact.check', target }, CONSENT.test(name) ? 0.86 : 0.45, 'it is not ticked');
  }
  if (role === 'radio') return checked ? [] : suggest({ command: 'interact.check', target }, 0.4, 'it is not chosen');
  const click = { command: 'interact.click', target };
  if (LEAVING.test(name)) return suggest(click, 0.2, `a ${role} that ends something`);
  if (search !== undefined && SEARCHING.test(name))
    return suggest(click, search ? 0.9 : 0.3, `a ${role} that searches`);
  if (ONWARD.test(name)) return suggest(click, onward(role, unfinished), `a ${role} that goes on`);
  return suggest(click, role === 'button' ? 0.55 : role === 'link' ? 0.35 : 0.4, `a ${role} of the page`);
}

/** A form is sent once its fields are filled. */
const onward = (role: string, unfinished: boolean): number => (role === 'button' ? (unfinished ? 0.75 : 0.95) : 0.6);
