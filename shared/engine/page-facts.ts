import type { PageReader } from './page-reader.ts';
import type { shownText } from './page-text.ts';

/**
 * Tells of an element what commands and people want to know. It is sent to the page as source, so it can use nothing
 * that stands outside it but what it is given.
 */
export function pageFacts(reader: PageReader, shown: typeof shownText) {
  /** The ellipsis tells that something was cut off: a secret, too, is looked for as far as it goes. */
  const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);

  function portray(element: Element): string {
    const named = reader.names(element).find(([source]) => source !== 'test-id')?.[1];
    const words = short(named ?? reader.text(element), 60);
    const id = reader.id(element) && `#${reader.id(element)}`;
    const tag = `<${element.tagName.toLowerCase()}${id}>`;
    return words ? `${reader.role(element) || tag} "${words}"` : tag;
  }

  /** Where an element is, for people who must tell it from its like. */
  function where(element: Element): string {
    const row = element.closest('tr, [role=row], li');
    if (row && row !== element) return ` in the row "${short(reader.fold(row.textContent), 40)}"`;
    const around = element.parentElement?.closest(
      'dialog, [role=dialog], header, footer, nav, aside, main, form, section[id]',
    );
    return around ? ` in ${reader.id(around) ? `#${reader.id(around)}` : `the ${around.tagName.toLowerCase()}`}` : '';
  }

  /** A selector that finds this element alone; ` >> ` crosses into a shadow root. */
  function path(element: Element): string {
    const root = element.getRootNode();
    const inner = pathWithin(element, root as Document | ShadowRoot);
    if (!(root instanceof ShadowRoot)) return `css:light=${inner}`;
    return `${path(root.host)} >> css=${inner}`;
  }

  function pathWithin(element: Element, root: Document | ShadowRoot): string {
    const inShadow = root instanceof ShadowRoot;
    const steps: string[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      // In a shadow root a handle also finds what is in the roots inside it.
      const handle = uniqueHandle(at, inShadow ? reader.roots() : [root]);
      if (handle) return [handle, ...steps].join(' > ');
      steps.unshift(`${CSS.escape(at.localName)}${ordinal(at)}`);
    }
    return inShadow ? `:scope > ${steps.join(' > ')}` : [':root', ...steps.slice(1)].join(' > ');
  }

  function uniqueHandle(element: Element, roots: readonly (Document | ShadowRoot)[]): string | undefined {
    const attributes = ['id', ...reader.testIds].filter((name) => element.getAttribute(name));
    const handles = attributes.map((name) =>
      name === 'id'
        ? `#${CSS.escape(reader.id(element))}`
        : `[${name}="${CSS.escape(element.getAttribute(name) ?? '')}"]`,
    );
    return handles.find(
      (handle) => roots.reduce((count, root) => count + root.querySelectorAll(handle).length, 0) === 1,
    );
  }

  function ordinal(element: Element): string {
    const like = reader.children(element.parentNode).filter((other) => other.localName === element.localName);
    return like.length > 1 ? `:nth-of-type(${like.indexOf(element) + 1})` : '';
  }

  /** Everything a command may want to know about an element, so that one look is enough. */
  function facts(element: Element, attribute: string | undefined) {
    const field = (element instanceof HTMLLabelElement && element.control) || element;
    const control = 'disabled' in element ? element : (element.closest('label')?.control ?? field);
    const aria = (name: string): boolean => control.getAttribute(name) === 'true';
    const select = field instanceof HTMLSelectElement ? field : undefined;
    const hasValue = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || select !== undefined;
    return {
      path: path(element),
      description: portray(element),
      visible: reader.visible(element),
      enabled: !control.matches(':disabled') && !control.closest('[aria-disabled=true]'),
      checked: (control as HTMLInputElement).checked === true || aria('aria-checked'),
      selected:
        (field as HTMLOptionElement).selected === true ||
        (field as HTMLInputElement).checked === true ||
        aria('aria-selected') ||
        aria('aria-checked'),
      type: field instanceof HTMLInputElement ? field.type : null,
      value: hasValue ? (field as HTMLInputElement).value : null,
      chosen: select ? reader.fold(select.selectedOptions[0]?.label) : null,
      text: reader.fold(shown(element)),
      attribute: attribute === undefined ? null : element.getAttribute(attribute),
    };
  }

  return { portray, where, path, facts };
}

export type PageFacts = ReturnType<typeof pageFacts>;
