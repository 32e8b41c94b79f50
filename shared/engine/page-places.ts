import type { Place } from './hint-places.ts';
import type { PageReader } from './page-reader.ts';
import type { PageWords } from './page-words.ts';

/**
 * Tells which of several elements are in a place that a hint names. It is sent to the page as source, so it can use
 * nothing that stands outside it but the reader and the words.
 */
export function pagePlaces(reader: PageReader, { likeness }: PageWords) {
  const named = '[aria-label], [aria-labelledby], [alt], [title], [placeholder], [value], legend, caption';

  /** Words of a part: what it shows, what it is called, and what its pictures and fields are called. */
  function words(part: Element): string[] {
    const inner = [part, ...part.querySelectorAll(named)].slice(0, 60);
    return [reader.text(part), ...inner.flatMap((element) => reader.names(element).map(([, text]) => text))];
  }

  /** 3: something in the part says exactly the words; 2: it has them as whole words; 1: as a part of a word; 0: not. */
  function says(part: Element, wanted: string): number {
    const best = Math.max(...words(part).map((text) => likeness(text, wanted)));
    if (best >= 4) return 3;
    if (best === 0) return 0;
    const lines = [...part.querySelectorAll('*')].filter((element) => element.childElementCount === 0);
    if (lines.some((line) => likeness(reader.text(line), wanted) >= 4)) return 3;
    return best >= 2 ? 2 : 1;
  }

  function memo<K, V>(make: (key: K) => V): (key: K) => V {
    const known = new Map<K, V>();
    return (key) => {
      if (!known.has(key)) known.set(key, make(key));
      return known.get(key) as V;
    };
  }

  function around(element: Element): Element[] {
    const all: Element[] = [];
    for (let at = reader.parent(element); at; at = reader.parent(at)) all.push(at);
    return all;
  }

  /** In a landmark without a name: a header of the page is more of a header than one of an article. */
  function inKind(element: Element, selector: string): number {
    const part = reader.parent(element);
    const found = part && reader.closest(part, selector);
    if (!found) return 0;
    const above = reader.parent(found);
    return above && /^(HEADER|FOOTER)$/.test(found.tagName) && reader.closest(above, 'article, section, main') ? 2 : 3;
  }

  /**
   * The place of each element that is in it, the better the higher. A part that is named by words is the smallest one
   * around the element that says them, and it must hold no other of the elements.
   */
  function inPart(elements: readonly Element[], place: Place & { words: string }): Map<Element, number> {
    const says_ = memo((part: Element) => says(part, place.words));
    const held = new Map<Element, number>();
    for (const element of elements) for (const part of around(element)) held.set(part, (held.get(part) ?? 0) + 1);
    const saying = sayingParts(says_);
    const parts = elements.map((element) => ({ element, part: partOf(element, place, saying) }));
    const placed = parts.filter(({ part }) => part !== undefined) as { element: Element; part: Element }[];
    const alone = placed.filter(({ part }) => held.get(part) === 1);
    const fitting = alone.length > 0 ? alone : tightest(placed, held);
    return new Map(fitting.map(({ element, part }) => [element, says_(part) + calledSo(part, place)]));
  }

  /** A part of the kind is more of the place than another that shows the words; one that is called so, even more. */
  function calledSo(part: Element, { selector, words: wanted = '' }: Place): number {
    if (selector === undefined || !part.matches(selector)) return 0;
    return reader.names(part).some(([, text]) => likeness(text, wanted) > 1) ? 6 : 3;
  }

  function tightest(placed: { element: Element; part: Element }[], held: ReadonlyMap<Element, number>) {
    const least = Math.min(...placed.map(({ part }) => held.get(part) ?? 0));
    return placed.filter(({ part }) => held.get(part) === least);
  }

  function partOf(
    element: Element,
    { selector, loose, repeats }: Place,
    { saying, saidByLike, isOneOfMany }: ReturnType<typeof sayingParts>,
  ): Element | undefined {
    let below = element;
    let inOther = false;
    for (const part of around(element)) {
      if (part === document.body || part === document.documentElement) break;
      const ofKind = selector !== undefined && part.matches(selector);
      if (saying(part) > 0) {
        if (ofKind && !(repeats && inOther)) return part;
        if (loose && !inOther && (below === element || !saidByLike(part, below))) return part;
      }
      if (repeats && ofKind && saying(part) === 0 && isOneOfMany(part)) inOther = true;
      below = part;
    }
    return undefined;
  }

  /** What says the words, looked up once a part: a list may have thousands of rows. */
  function sayingParts(saying: (part: Element) => number) {
    const inner = memo((part: Element) => reader.children(part).filter((child) => saying(child) > 0));
    const built = memo((part: Element) => Map.groupBy(reader.children(part), likeOf));
    return {
      saying,
      /** The words are said by something built like that in which the element is: another row or card, but a row's cells. */
      saidByLike: (part: Element, below: Element): boolean =>
        !part.matches('tr, [role=row]') &&
        inner(part).some((other) => other !== below && likeOf(other) === likeOf(below)),
      isOneOfMany: (part: Element): boolean =>
        part.parentElement !== null && (built(part.parentElement).get(likeOf(part))?.length ?? 0) > 1,
    };
  }

  const likeOf = (element: Element): string =>
    JSON.stringify([element.tagName, element.getAttribute('class'), element.getAttribute('role')]);

  /** Elements under the heading that says the words, up to the next heading of its rank. */
  function underHeading(elements: readonly Element[], wanted: string): Map<Element, number> {
    const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6, [role=heading], legend, dt')];
    const rank = (heading: Element): number =>
      Number(heading.getAttribute('aria-level') ?? /^H(\d)$/.exec(heading.tagName)?.[1] ?? 7);
    const follows = (a: Element, b: Element): boolean =>
      (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    const found = new Map<Element, number>();
    for (const [index, heading] of headings.entries()) {
      if (likeness(reader.text(heading), wanted) < 4) continue;
      const next = headings.slice(index + 1).find((other) => rank(other) <= rank(heading));
      for (const element of elements)
        if (follows(heading, element) && (!next || follows(element, next))) found.set(element, 1);
    }
    return found;
  }

  function atEdge(elements: readonly Element[], edge: NonNullable<Place['edge']>): Map<Element, number> {
    const far = (element: Element): number => {
      const box = element.getBoundingClientRect();
      return { top: -box.top, left: -box.left, bottom: box.bottom, right: box.right }[edge];
    };
    const farthest = Math.max(...elements.map(far));
    return new Map(elements.filter((element) => far(element) === farthest).map((element) => [element, 1]));
  }

  /** The elements that are in the place, each with how well: a higher number is better. */
  return (elements: readonly Element[], place: Place): Map<Element, number> => {
    const { words: wanted, selector = '', edge } = place;
    if (edge) return atEdge(elements, edge);
    if (wanted === undefined) {
      const placed = elements.map((element) => [element, inKind(element, selector)] as const);
      return new Map(placed.filter(([, quality]) => quality > 0));
    }
    const found = inPart(elements, { ...place, words: wanted });
    return found.size > 0 || place.repeats ? found : underHeading(elements, wanted);
  };
}

export type PagePlaces = ReturnType<typeof pagePlaces>;
