import type { Fingerprint } from '../../schemas/fingerprint.ts';
import type { Proposal } from './fingerprint.ts';
import type { Reading } from './hint-reading.ts';
import type { PageFacts } from './page-facts.ts';
import type { PageFingerprint } from './page-fingerprint.ts';
import type { pageHealing } from './page-healing.ts';
import type { pageHints } from './page-hints.ts';
import type { pagePlaces } from './page-places.ts';
import type { NameSource, PageReader } from './page-reader.ts';
import type { PageWords } from './page-words.ts';
import type { Query } from './parse-target.ts';
import type { Purpose } from './step-context.ts';
import type { ElementFacts } from './target.ts';

/** A question to the page. */
export interface PageQuery extends Query {
  readonly purpose: Purpose;
  readonly attribute?: string;
  readonly readings: readonly Reading[];
  /** Also tell what else is there, for a message. */
  readonly suggest: boolean;
  /** Also take the fingerprint of the one element that was found. */
  readonly remember?: boolean;
  /** When nothing is found, tell what may be the element that this was taken of. */
  readonly remembered?: Fingerprint;
}

/** The page's answer. */
export interface PageAnswer {
  readonly strategy: string;
  /** Visible ones first; at most 20. */
  readonly matches: ElementFacts[];
  readonly total: number;
  /** Descriptions with their places, of the first matches when there are several. */
  readonly rivals: string[];
  /** What the target might have meant: its words and its description. */
  readonly suggestions: { words: string; description: string }[];
  readonly print?: Fingerprint;
  readonly proposal?: Proposal;
  /** The selector could not be read. */
  readonly invalid?: string;
}

/** The parts of the locator that are sent along with it. */
interface Parts {
  readonly words: PageWords;
  readonly reader: PageReader;
  readonly facts: PageFacts;
  readonly places: typeof pagePlaces;
  readonly hints: typeof pageHints;
  readonly prints: PageFingerprint;
  readonly healing: ReturnType<typeof pageHealing>;
}

/** Finds the elements of queries, in one document. */
export interface PageLocator {
  ask(query: PageQuery): PageAnswer;
  /** The one element that is meant: the only one, or the only one that can be seen. */
  meant(query: PageQuery): Element | undefined;
}

/** Sent to the page as source: it can use nothing that stands outside it but its parts. */
export function pageLocator({ words, reader, facts, ...parts }: Parts): PageLocator {
  const most = 20;
  const named =
    'a, button, input, select, textarea, summary, option, img, area, svg, h1, h2, h3, h4, h5, h6, iframe, ' +
    `[role], [aria-label], [aria-labelledby], [placeholder], [alt], [title], ${reader.testIds.map((id) => `[${id}]`).join(', ')}`;
  const roles = (...list: string[]): string => list.map((role) => `[role=${role}]`).join(', ');
  const suited: Record<Purpose, string> = {
    read: '*',
    interact: `a[href], button, input:not([type=hidden]), select, textarea, summary, option, [onclick], [contenteditable=''], [contenteditable=true], [tabindex]:not([tabindex='-1'], [role=tabpanel], [role=region], [role=dialog], [role=alertdialog]), ${roles('button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option', 'combobox', 'textbox', 'searchbox', 'slider', 'spinbutton', 'treeitem')}`,
    field: `input:not([type=button], [type=submit], [type=reset], [type=checkbox], [type=radio], [type=image], [type=hidden], [type=file]), textarea, select, [contenteditable=''], [contenteditable=true], ${roles('textbox', 'searchbox', 'combobox', 'spinbutton')}`,
    choice: `input[type=checkbox], input[type=radio], ${roles('checkbox', 'radio', 'switch', 'menuitemcheckbox', 'menuitemradio')}`,
    list: `select, ${roles('listbox', 'combobox')}`,
  };
  const skipped = /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|HEAD|TITLE|META)$/;

  const everywhere = (selector: string): Element[] =>
    reader.roots().flatMap((root) => [...root.querySelectorAll(selector)]);

  /** The innermost elements whose text passes; `prune` when a part's text can pass only if the whole's does. */
  function byText(passes: (text: string) => boolean, prune: boolean): Element[] {
    const found: Element[] = [];
    const visit = (element: Element): boolean => {
      if (skipped.test(element.tagName)) return false;
      const fits = passes(reader.text(element));
      if (prune && !fits) return false;
      const deeper = reader.children(element).map(visit).some(Boolean);
      if (fits && !deeper) found.push(element);
      return fits || deeper;
    };
    for (const root of reader.roots()) for (const child of reader.children(root)) visit(child);
    const buttons = everywhere('input[type=button], input[type=submit], input[type=reset]') as HTMLInputElement[];
    return [...found, ...buttons.filter((button) => passes(reader.fold(button.value)))];
  }

  /** Scripts that listen leave no trace in the page but the pointer's form. */
  const suits = (element: Element, purpose: Purpose): boolean =>
    element.matches(suited[purpose]) || (purpose === 'interact' && getComputedStyle(element).cursor === 'pointer');
  /** What is acted on in place of an element: what is around it, or the field that it labels or is made of. */
  function suitable(element: Element, purpose: Purpose): Element {
    // What can be chosen in a field is no name of the field.
    if (purpose === 'read' || element.tagName === 'OPTION') return element;
    const around = reader.closest(element, suited[purpose]);
    if (around || purpose === 'interact') return around ?? element;
    const field = element instanceof HTMLLabelElement ? element.control : element.shadowRoot ? element : undefined;
    const inner = field && within(field, suited[purpose]);
    return inner && reader.visible(inner) ? inner : element;
  }

  /** The field itself, or the only one that it is made of. */
  function within(field: Element, selector: string): Element | undefined {
    if (field.matches(selector)) return field;
    const inner = [...(field.shadowRoot ?? field).querySelectorAll(selector)];
    return inner.length === 1 ? inner[0] : undefined;
  }

  const places = parts.places(reader, words);
  const hints = parts.hints(reader, words, places, {
    named: `${named}, ${suited.interact}`,
    everywhere,
    byText,
    suits,
    suitable,
  });

  function byHint(query: PageQuery): { strategy: string; elements: Element[] } {
    if (query.css === 'first') {
      const selected = tryCss(query.value);
      if (selected.length > 0) return { strategy: 'css', elements: selected };
    }
    const { elements, source } = hints(query.readings, query.purpose);
    if (source) return { strategy: `hint:${source}`, elements };
    return { strategy: 'css', elements: query.css === 'last' ? tryCss(query.value) : [] };
  }

  function tryCss(selector: string): Element[] {
    try {
      return everywhere(selector);
    } catch {
      return [];
    }
  }

  function byXPath(expression: string): Element[] {
    const found = document.evaluate(expression, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    const nodes = Array.from({ length: found.snapshotLength }, (_, index) => found.snapshotItem(index));
    return nodes.filter((node): node is Element => node instanceof Element);
  }

  function find(query: PageQuery): { strategy: string; elements: Element[] } {
    const { by, value, exact = false } = query;
    const passes = (text: string, wanted = value): boolean =>
      exact ? text === wanted : words.plain(text).includes(words.plain(wanted));
    const withName = (source: NameSource): Element[] =>
      everywhere(named).filter((element) =>
        reader.names(element).some(([from, text]) => from === source && passes(text)),
      );
    switch (by) {
      case 'hint':
        return byHint(query);
      case 'css':
        return { strategy: by, elements: everywhere(value) };
      case 'xpath':
        return { strategy: by, elements: byXPath(value) };
      case 'test-id':
        return {
          strategy: by,
          elements: everywhere(reader.testIds.map((id) => `[${id}="${CSS.escape(value)}"]`).join(', ')),
        };
      case 'role': {
        const { name } = query;
        const own = everywhere(named).concat(
          everywhere(
            'nav, main, header, footer, aside, form, dialog, table, tr, td, th, ul, ol, li, article, fieldset, progress',
          ),
        );
        const fitting = own.filter((element) => reader.role(element) === value);
        const isNamed = (element: Element): boolean =>
          reader.names(element).some(([from, text]) => from !== 'test-id' && passes(text, name));
        return { strategy: by, elements: [...new Set(name === undefined ? fitting : fitting.filter(isNamed))] };
      }
      case 'text':
        return { strategy: by, elements: byText((text) => passes(text), !exact) };
      case 'pattern': {
        const pattern = new RegExp(value, query.flags);
        return { strategy: by, elements: byText((text) => pattern.test(text), false) };
      }
      default:
        return { strategy: by, elements: withName(by) };
    }
  }

  function suggestions(): PageAnswer['suggestions'] {
    const seen = everywhere(
      `${suited.interact}, h1, h2, h3, label, [id], ${reader.testIds.map((id) => `[${id}]`).join(', ')}`,
    );
    return seen
      .slice(0, 400)
      .filter(reader.visible)
      .flatMap((element) => {
        const description = facts.portray(element);
        const said = reader
          .names(element)
          .map(([source, text]) => (source === 'test-id' ? `@${text}` : text.slice(0, 80)));
        return [...said, ...(reader.id(element) ? [`#${reader.id(element)}`] : [])].map((word) => ({
          words: word,
          description,
        }));
      });
  }

  function theOne([first, second]: readonly Element[]): Element | undefined {
    return first && second && (!reader.visible(first) || reader.visible(second)) ? undefined : first;
  }

  function taken(elements: readonly Element[]): Pick<PageAnswer, 'print'> {
    const one = theOne(elements);
    return one ? { print: parts.prints.take(one, everywhere) } : {};
  }

  function proposed(remembered: Fingerprint, attribute: string | undefined): Pick<PageAnswer, 'proposal'> {
    const proposal = parts.healing(remembered, everywhere, attribute);
    return proposal ? { proposal } : {};
  }

  /** The elements of a query as they are now, those that can be seen first. */
  function found(query: PageQuery): { strategy: string; total: number; shown: Element[] } {
    reader.refresh();
    const { strategy, elements } = find(query);
    const promoted =
      query.by === 'text' || query.by === 'pattern'
        ? [...new Set(elements.map((element) => suitable(element, query.purpose)))]
        : elements;
    const inOrder = query.nth === undefined ? promoted : promoted.slice(query.nth, query.nth + 1);
    const first = inOrder.slice(0, 500);
    const ordered =
      query.nth === undefined
        ? [...first.filter(reader.visible), ...first.filter((element) => !reader.visible(element))]
        : first;
    return { strategy, total: inOrder.length, shown: ordered.slice(0, most) };
  }

  function ask(query: PageQuery): PageAnswer {
    const nothing = { strategy: query.by, matches: [], total: 0, rivals: [], suggestions: [] };
    try {
      const { strategy, total, shown } = found(query);
      return {
        strategy,
        matches: shown.map((element) => facts.facts(element, query.attribute)),
        total,
        rivals:
          shown.length > 1 ? shown.slice(0, 5).map((element) => facts.portray(element) + facts.where(element)) : [],
        suggestions: query.suggest && total === 0 ? suggestions() : [],
        ...(query.remember ? taken(shown) : {}),
        ...(query.remembered && total === 0 ? proposed(query.remembered, query.attribute) : {}),
      };
    } catch (error) {
      return { ...nothing, invalid: String(error) };
    }
  }

  return { ask, meant: (query) => theOne(found(query).shown) };
}
