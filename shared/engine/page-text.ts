/**
 * The text that an element shows, as `innerText` has it, and what its components show: `innerText` leaves out their
 * shadow trees. Sent to the page as source: it can use nothing that stands outside it.
 */
export function shownText(element: Element): string {
  // biome-ignore lint/performance/useDomNodeTextContent: what people can see is meant, not what the source says
  const ownText = (of: Element): string => (of as HTMLElement).innerText ?? of.textContent;

  /** Every element whose text is not all in its own tree: hosts, slots, and what is around them. */
  function composedIn(root: Element | ShadowRoot): Set<Element> {
    const composed = new Set<Element>();
    const all = [...(root instanceof Element ? [root] : []), ...root.querySelectorAll('*')];
    for (const one of all.filter((inner) => inner.shadowRoot || inner instanceof HTMLSlotElement))
      for (let at: Element | null = one; at && !composed.has(at); at = at === root ? null : at.parentElement)
        composed.add(at);
    return composed;
  }

  function textOf(node: Node, composed: Set<Element>): string {
    if (!(node instanceof Element)) return node.nodeType === Node.TEXT_NODE ? wordsOf(node) : '';
    const { display } = getComputedStyle(node);
    if (display === 'none') return '';
    const text = composed.has(node) ? contentOf(node, composed) : ownText(node);
    return /^(inline|contents)/.test(display) ? text : `\n${text}\n`;
  }

  function wordsOf(node: Node): string {
    const parent = node.parentElement;
    const hidden = parent && getComputedStyle(parent).visibility !== 'visible';
    return hidden ? '' : (node.textContent ?? '').replace(/\s+/g, ' ');
  }

  function contentOf(node: Element, composed: Set<Element>): string {
    const assigned = node instanceof HTMLSlotElement ? node.assignedNodes() : [];
    if (assigned.length > 0)
      return assigned.map((one) => textOf(one, one instanceof Element ? composedIn(one) : composed)).join('');
    const root = node.shadowRoot;
    const known = root ? composedIn(root) : composed;
    return [...(root ?? node).childNodes].map((inner) => textOf(inner, known)).join('');
  }

  const composed = composedIn(element);
  if (composed.size === 0) return ownText(element);
  return contentOf(element, composed)
    .replace(/ *\n\s*/g, '\n')
    .trim();
}
