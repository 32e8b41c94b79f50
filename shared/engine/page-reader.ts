import type { PageWords } from './page-words.ts';

/** Where a name of an element comes from, in the order in which hints prefer them. */
export type NameSource =
  | 'role'
  | 'label'
  | 'placeholder'
  | 'alt'
  | 'title'
  | 'exact-text'
  | 'contained-text'
  | 'test-id';

/**
 * Reads elements: their roles, names and texts, and whether they can be seen. It is sent to the page as source, so it
 * can use nothing that stands outside it but the words.
 */
export function pageReader({ fold }: PageWords) {
  const testIds = ['data-testid', 'data-test-id', 'data-test', 'data-cy', 'data-qa'];
  const namedByContent =
    /^(button|link|heading|tab|menuitem\w*|option|checkbox|radio|switch|treeitem|cell|columnheader)$/;
  const tagRoles: Record<string, string> = {
    BUTTON: 'button',
    SUMMARY: 'button',
    SELECT: 'combobox',
    TEXTAREA: 'textbox',
    OPTION: 'option',
    IMG: 'img',
    SVG: 'img',
    NAV: 'navigation',
    MAIN: 'main',
    HEADER: 'banner',
    FOOTER: 'contentinfo',
    ASIDE: 'complementary',
    FORM: 'form',
    DIALOG: 'dialog',
    TABLE: 'table',
    TR: 'row',
    TD: 'cell',
    TH: 'columnheader',
    UL: 'list',
    OL: 'list',
    LI: 'listitem',
    ARTICLE: 'article',
    FIELDSET: 'group',
    PROGRESS: 'progressbar',
    IFRAME: 'iframe',
  };
  const inputRoles: Record<string, string> = {
    checkbox: 'checkbox',
    radio: 'radio',
    range: 'slider',
    number: 'spinbutton',
    search: 'searchbox',
    button: 'button',
    submit: 'button',
    reset: 'button',
    image: 'button',
    hidden: '',
  };

  // A form answers `form.id` and `form.children` with its field of that name: these are asked of what all elements are.
  const ownChildren = Object.getOwnPropertyDescriptor(Element.prototype, 'children')?.get as () => HTMLCollection;
  const children = (part: ParentNode | null): Element[] =>
    part instanceof Element ? [...ownChildren.call(part)] : [...(part?.children ?? [])];
  const id = (element: Element): string => element.getAttribute('id') ?? '';

  function role(element: Element): string {
    const explicit = element.getAttribute('role')?.trim().split(/\s+/)[0];
    if (explicit) return explicit;
    const tag = element.tagName.toUpperCase();
    if (/^H[1-6]$/.test(tag)) return 'heading';
    if (tag === 'A' || tag === 'AREA') return element.hasAttribute('href') ? 'link' : '';
    if (tag === 'INPUT') return inputRoles[(element as HTMLInputElement).type] ?? 'textbox';
    if (tag === 'SELECT' && (element as HTMLSelectElement).multiple) return 'listbox';
    return tagRoles[tag] ?? '';
  }

  /** The document and every open shadow root in it. */
  let all: (Document | ShadowRoot)[] = [document];
  let texts = new Map<Element, string>();
  let named = new Map<Element, [NameSource, string][]>();
  let openings = new Map<Element, Box>();
  let labels: Map<Element, HTMLLabelElement[]> | undefined;

  /** Forgets what was read before: called at each question, within which the page does not change. */
  function refresh(): void {
    all = [document];
    for (const root of all)
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) all.push(element.shadowRoot);
    texts = new Map();
    named = new Map();
    openings = new Map();
    labels = undefined;
  }

  function memo<K, V>(known: Map<K, V>, key: K, make: () => V): V {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make();
    known.set(key, made);
    return made;
  }

  /** What is around an element as the page is laid out: through slots and out of shadow roots. */
  function parent(element: Element): Element | null {
    if (element.assignedSlot) return element.assignedSlot;
    if (element.parentElement) return element.parentElement;
    const root = element.getRootNode();
    return root instanceof ShadowRoot ? root.host : null;
  }

  /** The element itself or the nearest around it that fits, as the page is laid out. */
  function closest(element: Element, selector: string): Element | null {
    if (all.length === 1) return element.closest(selector);
    for (let at: Element | null = element; at; at = parent(at)) if (at.matches(selector)) return at;
    return null;
  }

  /** Whether an element is in another, as the page is laid out. */
  function holds(outer: Element, inner: Element): boolean {
    if (all.length === 1) return outer.contains(inner);
    for (let at: Element | null = inner; at; at = parent(at)) if (at === outer) return true;
    return false;
  }

  /** All text of an element as the page is laid out, white space folded, without scripts and styles. */
  function text(element: Element): string {
    return memo(texts, element, () => {
      const simple = all.length === 1 && !element.querySelector(unread);
      return fold(simple ? element.textContent : flatText(element));
    });
  }

  const unread = 'script, style, noscript, template';

  function flatText(node: Node): string {
    if (!(node instanceof Element)) return node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '') : '';
    if (node.matches(unread)) return '';
    const assigned = node instanceof HTMLSlotElement ? node.assignedNodes() : [];
    const inner = assigned.length > 0 ? assigned : [...(node.shadowRoot ?? node).childNodes];
    return inner.map(flatText).join(node.shadowRoot ? ' ' : '');
  }

  /** Text of an element with the alternatives of its pictures, as its name is made. */
  function content(element: Element): string {
    const pictures = [...element.querySelectorAll('img[alt], svg[aria-label], [role=img][aria-label]')];
    const alternatives = pictures.map((picture) => picture.getAttribute('alt') ?? picture.getAttribute('aria-label'));
    return fold([text(element), ...alternatives].join(' '));
  }

  /** The names of an element and where each comes from, the strongest first. */
  function names(element: Element): [NameSource, string][] {
    return memo(named, element, () => namesOf(element));
  }

  function namesOf(element: Element): [NameSource, string][] {
    const found: [NameSource, string | null | undefined][] = [];
    const root = element.getRootNode() as Document | ShadowRoot;
    const labelledBy = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
    if (labelledBy.length > 0)
      found.push(['role', labelledBy.map((id) => root.getElementById(id)?.textContent ?? '').join(' ')]);
    found.push(['role', element.getAttribute('aria-label')]);
    const kind = role(element);
    if (element instanceof HTMLInputElement && kind === 'button') found.push(['role', element.value || element.alt]);
    else if (isNamedByContent(element, kind) && !('labels' in element && kind !== 'button'))
      found.push(['role', content(element)]);
    for (const label of labelsOf(element)) found.push(['label', labelText(label, element)]);
    found.push(['placeholder', element.getAttribute('placeholder')]);
    found.push(['alt', element.getAttribute('alt')]);
    found.push(['title', element.getAttribute('title')]);
    for (const attribute of testIds) found.push(['test-id', element.getAttribute(attribute)]);
    return found.map(([source, text]): [NameSource, string] => [source, fold(text)]).filter(([, text]) => text !== '');
  }

  /** What can be clicked or focused is called as it shows, although it has no role. */
  const isNamedByContent = (element: Element, kind: string): boolean =>
    namedByContent.test(kind) || (kind === '' && element.matches("[onclick], [tabindex]:not([tabindex='-1'])"));

  /** The browser looks through the whole page for the labels of one element. */
  function labelsOf(element: Element): readonly HTMLLabelElement[] {
    labels ??= Map.groupBy(
      all.flatMap((root) => [...root.querySelectorAll('label')]).filter(({ control }) => control),
      ({ control }) => control as Element,
    );
    return labels.get(element) ?? [];
  }

  /** A label without the text of what it holds: a select's options are no part of its name. */
  function labelText(label: HTMLLabelElement, field: Element): string {
    const all = fold(label.textContent);
    const inner = label.contains(field) ? fold(field.textContent) : '';
    return inner ? fold(all.replace(inner, ' ')) : all;
  }

  function visible(element: Element): boolean {
    const shown = element.tagName === 'OPTION' ? (element.closest('select') ?? element) : element;
    if (!shown.checkVisibility({ visibilityProperty: true })) return false;
    if (getComputedStyle(shown).display !== 'contents') return hasArea(shown);
    const range = document.createRange();
    range.selectNodeContents(shown);
    return hasArea(range);
  }

  function hasArea(shape: Element | Range): boolean {
    const { width, height } = shape.getBoundingClientRect();
    return width > 0 && height > 0;
  }

  interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }

  const everything: Box = { left: -1e7, top: -1e7, right: 1e7, bottom: 1e7 };

  /** What an element lets be seen of what it holds; by scrolling, too. */
  function opening(element: Element | null): Box {
    if (!element || element === document.body || element === document.documentElement) return everything;
    return memo(openings, element, () => {
      const outer = opening(parent(element));
      const { overflowX, overflowY, display } = getComputedStyle(element);
      if (display === 'contents' || (overflowX === 'visible' && overflowY === 'visible')) return outer;
      const { left, top, right, bottom } = element.getBoundingClientRect();
      if (right > left && bottom > top && /auto|scroll/.test(overflowX + overflowY)) return outer;
      return {
        left: Math.max(left, outer.left),
        top: Math.max(top, outer.top),
        right: Math.min(right, outer.right),
        bottom: Math.min(bottom, outer.bottom),
      };
    });
  }

  /** Whether any of it is inside the page and not cut off by what is around it. */
  function reachable(element: Element): boolean {
    const box = element.getBoundingClientRect();
    const seen = opening(parent(element));
    const width = Math.min(box.right, seen.right) - Math.max(box.left, seen.left);
    const height = Math.min(box.bottom, seen.bottom) - Math.max(box.top, seen.top);
    return width > 0 && height > 0 && box.right + scrollX > 0 && box.bottom + scrollY > 0;
  }

  return {
    testIds,
    fold,
    refresh,
    roots: () => all,
    id,
    children,
    parent,
    closest,
    holds,
    role,
    names,
    text,
    visible,
    reachable,
  };
}

export type PageReader = ReturnType<typeof pageReader>;
