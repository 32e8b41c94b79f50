import type { Fingerprint } from '../../schemas/fingerprint.ts';
import type { PageReader } from './page-reader.ts';
import type { PageWords } from './page-words.ts';

/**
 * Takes the fingerprint of an element. It is sent to the page as source, so it can use nothing that stands outside it
 * but the reader and the words.
 */
export function pageFingerprint(reader: PageReader, { plain }: PageWords) {
  const kept = [
    'id',
    'name',
    'type',
    'href',
    'placeholder',
    'title',
    'alt',
    'aria-label',
    'autocomplete',
    'for',
    'value',
  ];
  const short = (text: string, most = 60): string => text.slice(0, most);

  /** Ids of tools change with every build or visit: `:r1:`, `mui-42`, `input-3f9a1c`. */
  const isMadeUp = (value: string): boolean =>
    /[:«»]|\d{3,}|(^|[-_])\d+$|[0-9a-f]{6,}/i.test(value) || value.length > 60;

  function attributes(element: Element): Record<string, string> {
    const found: Record<string, string> = {};
    for (const name of kept) {
      const value = element.getAttribute(name);
      if (
        !value ||
        (name === 'value' && !/^(button|submit|reset|radio|checkbox)$/.test((element as HTMLInputElement).type))
      )
        continue;
      if ((name === 'id' || name === 'name' || name === 'for') && isMadeUp(value)) continue;
      found[name] = short(name === 'href' ? value.replace(/[?#].*$/, '') || value : value, 120);
    }
    return found;
  }

  const nameOf = (element: Element): string =>
    short(reader.names(element).find(([source]) => source !== 'test-id')?.[1] ?? '', 80);

  const testIdOf = (element: Element): string =>
    reader.testIds.map((id) => element.getAttribute(id)).find(Boolean) ?? '';

  const isLike = (a: Element, b: Element): boolean => a.tagName === b.tagName && a.className === b.className;

  /** The repeating part around an element: a row, or one of several that are built alike. */
  function itemAround(element: Element): Element | undefined {
    for (
      let at = reader.parent(element), depth = 0;
      at && at !== document.body && depth < 8;
      at = reader.parent(at), depth++
    ) {
      if (at.matches('tr, [role=row], li, [role=listitem], article')) return at;
      const alike = reader.children(at.parentElement).filter((other) => other !== at && isLike(other, at as Element));
      if (at.className && at.childElementCount > 1 && alike.length > 0) return at;
    }
    return undefined;
  }

  /** The words of the item without those of the element. */
  function itemOf(element: Element): string {
    const item = itemAround(element);
    return item ? short(reader.text(item).replace(reader.text(element), '').trim()) : '';
  }

  /** What the item is called, whatever else comes and goes in it: its heading, or what it shows first. */
  function itemName(element: Element): string {
    const item = itemAround(element);
    if (!item) return '';
    const heading = [...item.querySelectorAll('h1, h2, h3, h4, h5, h6, [role=heading], th, strong, b')].find(
      (other) => !element.contains(other) && reader.text(other) !== '',
    );
    return short(heading ? reader.text(heading) : firstWords(item, element), 40);
  }

  /** The first text in an item that belongs to no button. */
  function firstWords(item: Element, element: Element): string {
    const texts = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const words = reader.fold(node.textContent);
      const isOthers = element.contains(node) || node.parentElement?.closest('button, [role=button], script, style');
      if (words !== '' && !isOthers) return words;
    }
    return '';
  }

  function placeOf(element: Element): string {
    const around =
      'form, nav, main, header, footer, aside, section, dialog, fieldset, [role=dialog], [role=region], [role=navigation], [role=search]';
    const above = reader.parent(element);
    const part = above && reader.closest(above, around);
    if (!part) return '';
    const called =
      reader.names(part)[0]?.[1] ?? part.querySelector('h1, h2, h3, h4, h5, h6, legend')?.textContent ?? '';
    return `${reader.role(part) || part.localName} ${short(reader.fold(called), 40)}`.trim();
  }

  /** What means something around it: wrappers come and go. */
  function pathOf(element: Element): string[] {
    const path: string[] = [];
    for (let at = reader.parent(element); at && at !== document.body && path.length < 6; at = reader.parent(at)) {
      const kind = reader.role(at) || (/^(div|span)$/.test(at.localName) ? '' : at.localName);
      if (kind) path.push(kind);
    }
    return path;
  }

  function nearOf(element: Element): string[] {
    const texts = [
      element.previousElementSibling,
      element.nextElementSibling,
      element.parentElement?.previousElementSibling,
    ];
    return texts.flatMap((other) => (other ? [short(reader.text(other), 40)] : [])).filter(Boolean);
  }

  function boxOf(element: Element): number[] {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [Math.round(left + scrollX), Math.round(top + scrollY), Math.round(width), Math.round(height)];
  }

  /** What an element is, apart from how it is built: two of the same page are seldom the same in this. */
  function identity(element: Element): string {
    const words = nameOf(element) || reader.text(element).slice(0, 80) || testIdOf(element) || reader.id(element);
    const parts = [reader.role(element) || element.localName, words, itemName(element), placeOf(element)];
    return hash(plain(parts.join('|')));
  }

  /** FNV-1a, in 32 bits. */
  function hash(text: string): string {
    let sum = 0x811c9dc5;
    for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193) >>> 0;
    return sum.toString(36);
  }

  const acting = 'a, button, input, summary, select, textarea, option, [role]';

  /** Elements of the same role, or of the same tag where there is no role. */
  function kin(element: Element, everywhere: (selector: string) => Element[]): Element[] {
    const role = reader.role(element);
    const like = everywhere(element.matches(acting) ? acting : element.localName);
    return like.filter((other) => other !== element && reader.role(other) === role);
  }

  function take(element: Element, everywhere: (selector: string) => Element[]): Fingerprint {
    const name = nameOf(element);
    const others = kin(element, everywhere).slice(0, 80);
    return {
      tag: element.localName,
      role: reader.role(element),
      name,
      text: short(reader.text(element), 80),
      testId: testIdOf(element),
      attributes: attributes(element),
      item: itemOf(element),
      place: placeOf(element),
      path: pathOf(element),
      near: nearOf(element),
      box: boxOf(element),
      onlyOne: name !== '' && !others.some((other) => plain(nameOf(other)) === plain(name)),
      others: [...new Set(others.map(identity))],
    };
  }

  return { take, identity };
}

export type PageFingerprint = ReturnType<typeof pageFingerprint>;
