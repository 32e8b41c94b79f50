import type { Reading } from './hint-reading.ts';
import type { PagePlaces } from './page-places.ts';
import type { NameSource, PageReader } from './page-reader.ts';
import type { PageWords } from './page-words.ts';
import type { Purpose } from './step-context.ts';

interface Candidate {
  readonly element: Element;
  readonly source: NameSource;
  readonly score: readonly number[];
}

/** What the hints need of the locator: where to look, and what suits a purpose. */
interface Ground {
  readonly named: string;
  readonly everywhere: (selector: string) => Element[];
  readonly byText: (passes: (text: string) => boolean, prune: boolean) => Element[];
  readonly suits: (element: Element, purpose: Purpose) => boolean;
  readonly suitable: (element: Element, purpose: Purpose) => Element;
}

/**
 * Ranks what a hint may mean. It is sent to the page as source, so it can use nothing that stands outside it but the
 * parts that it is given.
 */
export function pageHints(reader: PageReader, { plain, likeness }: PageWords, places: PagePlaces, ground: Ground) {
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

  /** How well an element fits of which nothing but the kind is said. */
  const KIND_ONLY = 0.5;

  /** The same, where it must be in a place as well: less than the very words, which may be those of a kind (Select). */
  const KIND_THERE = 4.5;

  /** How well one fits that is called as wanted, but of another kind: a link that looks like a button. */
  const AKIN = 0.6;
  const acting = ['button', 'link', 'tab', 'menuitem', 'option'];

  function ofKind(element: Element, roles: readonly string[], purpose: Purpose): 'same' | 'akin' | 'other' {
    const role = reader.role(element);
    if (role === '' && element.localName.includes('-')) return 'akin';
    if (roles.includes(role) || (element instanceof HTMLLabelElement && labels(element, roles))) return 'same';
    const acts = purpose === 'interact' && (role === '' || acting.includes(role)) && ground.suits(element, purpose);
    return acts && roles.some((wanted) => acting.includes(wanted)) ? 'akin' : 'other';
  }

  /** A label stands for its field. What kind of field a custom element is cannot be seen. */
  function labels({ control }: HTMLLabelElement, roles: readonly string[]): boolean {
    return control !== null && (roles.includes(reader.role(control)) || control.localName.includes('-'));
  }

  interface Match {
    readonly element: Element;
    readonly source: NameSource;
    readonly fitness: number;
  }

  /** Every element that a reading's words fit, promoted to what suits the purpose. */
  function matches({ words, roles, places, ordinal }: Reading, purpose: Purpose): Match[] {
    const found: Match[] = [];
    const add = (given: Element, source: NameSource, fitness: number): void => {
      const element = fitness > 0 ? ground.suitable(given, purpose) : given;
      const kind = roles ? ofKind(element, roles, purpose) : 'same';
      if (fitness > 0 && kind === 'same') found.push({ element, source, fitness });
      if (fitness > 3 && kind === 'akin') found.push({ element, source, fitness: AKIN });
    };
    for (const element of ground.everywhere(ground.named)) {
      if (words === '') {
        add(element, 'role', places.length > 0 || ordinal !== undefined ? KIND_THERE : KIND_ONLY);
        continue;
      }
      for (const [source, text] of reader.names(element)) add(element, source, likeness(text, words));
    }
    if (words === '') return found;
    const wanted = plain(words);
    for (const element of ground.byText((text) => plain(text).includes(wanted), true)) {
      const fitness = likeness(reader.text(element), words);
      add(element, fitness > 3 ? 'exact-text' : 'contained-text', fitness);
    }
    return found;
  }

  /** A narrowed reading is worth more than a part of the plain one, less than all of it. */
  function worth(fitness: number, narrowed: boolean): number {
    if (fitness === KIND_ONLY) return 0;
    if (narrowed) return fitness + 3;
    return fitness > 3 ? fitness + 5 : fitness;
  }

  function candidates(reading: Reading, narrowed: boolean, purpose: Purpose, front: Element | undefined): Candidate[] {
    let found = matches(reading, purpose);
    const quality = new Map<Element, number>();
    for (const place of reading.places) {
      const placed = places([...new Set(found.map(({ element }) => element))], place);
      for (const [element, how] of placed) quality.set(element, (quality.get(element) ?? 0) + how);
      found = found.filter(({ element }) => placed.has(element));
    }
    const scored = found.map(({ element, source, fitness }) => ({
      element,
      source,
      score: [
        reader.visible(element) ? 1 + +reader.reachable(element) : 0,
        +(purpose === 'read' || ground.suits(element, purpose)),
        +(front === undefined || reader.holds(front, element)),
        worth(fitness, narrowed),
        quality.get(element) ?? 0,
        rankOf(source, purpose),
      ],
    }));
    return reading.ordinal === undefined ? scored : pick(scored, reading.ordinal);
  }

  /** A field's label is its accessible name, as good as any other. */
  const rankOf = (source: NameSource, purpose: Purpose): number =>
    sources.indexOf(source === 'label' && purpose !== 'read' && purpose !== 'interact' ? 'role' : source);

  /** The second of several is one only where several fit equally. */
  function pick(scored: readonly Candidate[], ordinal: number): Candidate[] {
    const whole = best(scored).filter(({ score }) => (score[3] ?? 0) > 4);
    if (whole.length < 2) return [];
    const inOrder = whole.sort((a, b) =>
      a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
    );
    return inOrder.slice(...(ordinal < 0 ? [-1] : [ordinal, ordinal + 1]));
  }

  const compare = (a: Candidate, b: Candidate): number => {
    const at = a.score.findIndex((part, index) => part !== b.score[index]);
    return at < 0 ? 0 : (b.score[at] ?? 0) - (a.score[at] ?? 0);
  };

  /** Those that nothing is better than, each element once, without what only contains another of them. */
  function best(all: readonly Candidate[]): Candidate[] {
    const [first] = [...all].sort(compare);
    if (!first) return [];
    const tied = new Map(all.filter((other) => compare(first, other) === 0).map((one) => [one.element, one]));
    const around = new Set<Element>();
    for (const element of tied.keys())
      for (let at = reader.parent(element); at && !around.has(at); at = reader.parent(at)) around.add(at);
    return [...tied.values()].filter(({ element }) => !around.has(element));
  }

  /** An open modal dialog takes all input: what is behind it is not meant. */
  function modal(): Element | undefined {
    return ground
      .everywhere('dialog:modal, [role=dialog][aria-modal=true], [role=alertdialog][aria-modal=true]')
      .findLast(reader.visible);
  }

  /** The elements that the hint means: one, or several that are equally good. */
  return (readings: readonly Reading[], purpose: Purpose): { elements: Element[]; source?: NameSource } => {
    const front = purpose === 'read' ? undefined : modal();
    const found = readings.flatMap((reading, index) => candidates(reading, index > 0, purpose, front));
    const called = found.filter(({ score }) => (score[3] ?? 0) > 0);
    const tied = best(called.length > 0 ? called : found);
    const source = tied[0]?.source;
    return { elements: tied.map(({ element }) => element), ...(source ? { source } : {}) };
  };
}
