import type { Reading } from './hint-reading.ts';
import type { NameSource, PageReader } from './page-reader.ts';
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
  /** The selector could not be read. */
  readonly invalid?: string;
}

interface Candidate {
  readonly element: Element;
  readonly source: NameSource;
  readonly score: readonly number[];
}

/** Finds the elements of a query. Sent to the page as source: it can use nothing that stands outside it but the reader. */
export function pageLocator(reader: PageReader): (query: PageQuery) => PageAnswer {
  const most = 20;
  const named =
    'a, button, input, select, textarea, summary, option, img, area, svg, h1, h2, h3, h4, h5, h6, iframe, ' +
    `[role], [aria-label], [aria-labelledby], [placeholder], [alt], [title], ${reader.testIds.map((id) => `[${id}]`).join(', ')}`;
  const roles = (...list: string[]): string => list.map((role) => `[role=${role}]`).join(', ');
  const suited: Record<Purpose, string> = {
    read: '*',
    interact: `a[href], button, input:not([type=hidden]), select, textarea, summary, option, [onclick], [contenteditable=''], [contenteditable=true], [tabindex]:not([tabindex='-1']), ${roles('button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option', 'combobox', 'textbox', 'searchbox', 'slider', 'spinbutton', 'treeitem')}`,
    field: `input:not([type=button], [type=submit], [type=reset], [type=checkbox], [type=radio], [type=image], [type=hidden], [type=file]), textarea, select, [contenteditable=''], [contenteditable=true], ${roles('textbox', 'searchbox', 'combobox', 'spinbutton')}`,
    choice: `input[type=checkbox], input[type=radio], ${roles('checkbox', 'radio', 'switch', 'menuitemcheckbox', 'menuitemradio')}`,
    list: `select, ${roles('listbox', 'combobox')}`,
  };
  const sources: NameSource[] = [
    'test-id',
    'contained-text',
    'exact-text',
    'title',
    'alt',
    'placeholder',
    'label',
    'role',
  ];
  const skipped = /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|HEAD|TITLE|META)$/;

  /** The document and every open shadow root in it. */
  function roots(): (Document | ShadowRoot)[] {
    const all: (Document | ShadowRoot)[] = [document];
    for (const root of all) {
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) all.push(element.shadowRoot);
    }
    return all;
  }

  const everywhere = (selector: string): Element[] => roots().flatMap((root) => [...root.querySelectorAll(selector)]);

  /** The innermost elements whose text passes; `prune` when a part's text can pass only if the whole's does. */
  function byText(passes: (text: string) => boolean, prune: boolean): Element[] {
    const found: Element[] = [];
    const visit = (element: Element): boolean => {
      if (skipped.test(element.tagName)) return false;
      const fits = passes(reader.fold(element.textContent));
      if (prune && !fits) return false;
      const deeper = [...element.children].map(visit).some(Boolean);
      if (fits && !deeper) found.push(element);
      return fits || deeper;
    };
    for (const root of roots()) for (const child of root.children) visit(child);
    const buttons = everywhere('input[type=button], input[type=submit], input[type=reset]') as HTMLInputElement[];
    return [...found, ...buttons.filter((button) => passes(reader.fold(button.value)))];
  }

  const suitable = (element: Element, purpose: Purpose): Element =>
    purpose === 'read' ? element : (element.closest(suited[purpose]) ?? element);

  function likeness(text: string, words: string): number {
    if (text === words) return 3;
    const [folded, wanted] = [text.toLowerCase(), words.toLowerCase()];
    return folded === wanted ? 2 : folded.includes(wanted) ? 1 : 0;
  }

  function inPlace(element: Element, reading: Reading): boolean {
    if (reading.roles && !reading.roles.includes(reader.role(element))) return false;
    if (!reading.within) return true;
    for (let at = element.parentElement?.closest(reading.within); at; at = at.parentElement?.closest(reading.within)) {
      const shown = `${at.getAttribute('aria-label') ?? ''} ${reader.fold(at.textContent)}`.toLowerCase();
      if (!reading.withinWords || shown.includes(reading.withinWords.toLowerCase())) return true;
    }
    return false;
  }

  /** Candidates of one reading. A narrowed reading is worth more than a part of the plain one, less than all of it. */
  function candidates(reading: Reading, narrowed: boolean, purpose: Purpose): Candidate[] {
    const found: Candidate[] = [];
    const add = (given: Element, source: NameSource, text: string): void => {
      const fitness = likeness(text, reading.words);
      const element = fitness > 0 ? suitable(given, purpose) : given;
      if (fitness === 0 || !inPlace(element, reading)) return;
      const worth = (fitness === 1 ? 0 : fitness + 2) + (narrowed ? (fitness === 1 ? 1 : -2) : 0);
      const suits = purpose === 'read' || element.matches(suited[purpose]);
      found.push({ element, source, score: [+reader.visible(element), +suits, worth, sources.indexOf(source)] });
    };
    for (const element of everywhere(named))
      for (const [source, text] of reader.names(element)) add(element, source, text);
    const wanted = reading.words.toLowerCase();
    for (const element of byText((text) => text.toLowerCase().includes(wanted), true)) {
      const text = reader.fold(element.textContent);
      add(element, likeness(text, reading.words) > 1 ? 'exact-text' : 'contained-text', text);
    }
    return found;
  }

  const compare = (a: Candidate, b: Candidate): number => {
    const at = a.score.findIndex((part, index) => part !== b.score[index]);
    return at < 0 ? 0 : (b.score[at] ?? 0) - (a.score[at] ?? 0);
  };

  function byHint(query: PageQuery): { strategy: string; elements: Element[] } {
    if (query.css === 'first') {
      const selected = tryCss(query.value);
      if (selected.length > 0) return { strategy: 'css', elements: selected };
    }
    const all = query.readings.flatMap((reading, index) => candidates(reading, index > 0, query.purpose)).sort(compare);
    const [best] = all;
    if (!best) return { strategy: 'css', elements: query.css === 'last' ? tryCss(query.value) : [] };
    const tied = [...new Set(all.filter((other) => compare(best, other) === 0).map(({ element }) => element))];
    const innermost = tied.filter((element) => !tied.some((other) => other !== element && element.contains(other)));
    return { strategy: `hint:${best.source}`, elements: innermost };
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
      exact ? likeness(text, wanted) === 3 : likeness(text, wanted) > 0;
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
        const description = reader.portray(element);
        const words = reader
          .names(element)
          .map(([source, text]) => (source === 'test-id' ? `@${text}` : text.slice(0, 80)));
        return [...words, ...(element.id ? [`#${element.id}`] : [])].map((word) => ({ words: word, description }));
      });
  }

  return (query) => {
    const nothing = { strategy: query.by, matches: [], total: 0, rivals: [], suggestions: [] };
    try {
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
      const shown = ordered.slice(0, most);
      return {
        strategy,
        matches: shown.map((element) => reader.facts(element, query.attribute)),
        total: inOrder.length,
        rivals:
          shown.length > 1 ? shown.slice(0, 5).map((element) => reader.portray(element) + reader.where(element)) : [],
        suggestions: query.suggest && inOrder.length === 0 ? suggestions() : [],
      };
    } catch (error) {
      return { ...nothing, invalid: String(error) };
    }
  };
}
