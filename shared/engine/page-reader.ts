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
 * Reads elements: their roles, names, states and places. It is sent to the page as source, so it can use nothing that
 * stands outside it.
 */
export function pageReader() {
  const testIds = ['data-testid', 'data-test-id', 'data-test', 'data-cy', 'data-qa'];
  const fold = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();
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

  /** Text of an element with the alternatives of its pictures, as its name is made. */
  function content(element: Element): string {
    const pictures = [...element.querySelectorAll('img[alt], svg[aria-label], [role=img][aria-label]')];
    const alternatives = pictures.map((picture) => picture.getAttribute('alt') ?? picture.getAttribute('aria-label'));
    return fold([element.textContent, ...alternatives].join(' '));
  }

  /** The names of an element and where each comes from, the strongest first. */
  function names(element: Element): [NameSource, string][] {
    const found: [NameSource, string | null | undefined][] = [];
    const root = element.getRootNode() as Document | ShadowRoot;
    const labelledBy = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
    if (labelledBy.length > 0)
      found.push(['role', labelledBy.map((id) => root.getElementById(id)?.textContent).join(' ')]);
    found.push(['role', element.getAttribute('aria-label')]);
    const kind = role(element);
    if (element instanceof HTMLInputElement && kind === 'button') found.push(['role', element.value || element.alt]);
    else if (namedByContent.test(kind) && !('labels' in element && kind !== 'button'))
      found.push(['role', content(element)]);
    for (const label of (element as HTMLInputElement).labels ?? []) found.push(['label', labelText(label, element)]);
    found.push(['placeholder', element.getAttribute('placeholder')]);
    found.push(['alt', element.getAttribute('alt')]);
    found.push(['title', element.getAttribute('title')]);
    for (const attribute of testIds) found.push(['test-id', element.getAttribute(attribute)]);
    return found.map(([source, text]): [NameSource, string] => [source, fold(text)]).filter(([, text]) => text !== '');
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

  function portray(element: Element): string {
    const words = (names(element).find(([source]) => source !== 'test-id')?.[1] ?? fold(element.textContent)).slice(
      0,
      60,
    );
    const id = element.id ? `#${element.id}` : '';
    const tag = `<${element.tagName.toLowerCase()}${id}>`;
    return words ? `${role(element) || tag} "${words}"` : tag;
  }

  /** Where an element is, for people who must tell it from its like. */
  function where(element: Element): string {
    const row = element.closest('tr, [role=row], li');
    if (row && row !== element) return ` in the row "${fold(row.textContent).slice(0, 40)}"`;
    const around = element.parentElement?.closest(
      'dialog, [role=dialog], header, footer, nav, aside, main, form, section[id]',
    );
    return around ? ` in ${around.id ? `#${around.id}` : `the ${around.tagName.toLowerCase()}`}` : '';
  }

  /** A selector that finds this element alone; ` >> ` crosses into a shadow root. */
  function path(element: Element): string {
    const root = element.getRootNode();
    const inner = pathWithin(element, root as Document | ShadowRoot);
    if (!(root instanceof ShadowRoot)) return `css:light=${inner}`;
    return `${path(root.host)} >> css=${inner}`;
  }

  function pathWithin(element: Element, root: Document | ShadowRoot): string {
    const steps: string[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      const handle = uniqueHandle(at, root);
      if (handle) return [handle, ...steps].join(' > ');
      steps.unshift(`${CSS.escape(at.localName)}${ordinal(at)}`);
    }
    return root instanceof ShadowRoot
      ? steps.join(' > ')
      : `:root${steps.length > 1 ? ` > ${steps.slice(1).join(' > ')}` : ''}`;
  }

  function uniqueHandle(element: Element, root: Document | ShadowRoot): string | undefined {
    const attributes = ['id', ...testIds].filter((name) => element.getAttribute(name));
    const handles = attributes.map((name) =>
      name === 'id' ? `#${CSS.escape(element.id)}` : `[${name}="${CSS.escape(element.getAttribute(name) ?? '')}"]`,
    );
    return handles.find((handle) => root.querySelectorAll(handle).length === 1);
  }

  function ordinal(element: Element): string {
    const like = [...(element.parentNode?.children ?? [])].filter((other) => other.localName === element.localName);
    return like.length > 1 ? `:nth-of-type(${like.indexOf(element) + 1})` : '';
  }

  /** Everything a command may want to know about an element, so that one look is enough. */
  function facts(element: Element, attribute: string | undefined) {
    const field = (element instanceof HTMLLabelElement && element.control) || element;
    const aria = (name: string): boolean => field.getAttribute(name) === 'true';
    const select = field instanceof HTMLSelectElement ? field : undefined;
    const hasValue = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || select !== undefined;
    return {
      path: path(element),
      description: portray(element),
      visible: visible(element),
      enabled: !field.matches(':disabled') && !field.closest('[aria-disabled=true]'),
      checked: (field as HTMLInputElement).checked === true || aria('aria-checked'),
      selected:
        (field as HTMLOptionElement).selected === true ||
        (field as HTMLInputElement).checked === true ||
        aria('aria-selected') ||
        aria('aria-checked'),
      value: hasValue ? (field as HTMLInputElement).value : null,
      chosen: select ? fold(select.selectedOptions[0]?.label) : null,
      // biome-ignore lint/performance/useDomNodeTextContent: what people can see is meant, not what the source says
      text: fold((element as HTMLElement).innerText ?? element.textContent),
      attribute: attribute === undefined ? null : element.getAttribute(attribute),
    };
  }

  return { testIds, fold, role, names, visible, portray, where, facts };
}

export type PageReader = ReturnType<typeof pageReader>;
