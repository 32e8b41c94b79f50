import type { Fingerprint } from '../../schemas/fingerprint.ts';
import type { Proposal } from './fingerprint.ts';
import type { PageFacts } from './page-facts.ts';
import type { PageFingerprint } from './page-fingerprint.ts';
import type { PageReader } from './page-reader.ts';
import type { PageWords } from './page-words.ts';

/**
 * Proposes which element of the page is the one that a fingerprint was taken of. It is sent to the page as source, so
 * it can use nothing that stands outside it but the parts that it is given.
 */
export function pageHealing(reader: PageReader, facts: PageFacts, { plain }: PageWords, prints: PageFingerprint) {
  /** How much two texts have in common: the share of words, or of letter pairs where that is more. From 0 to 1. */
  function similarity(a: string, b: string): number {
    const [one, two] = [plain(a), plain(b)];
    if (one === two) return 1;
    if (one === '' || two === '') return 0;
    return Math.max(dice(wordsOf(one), wordsOf(two)), dice(pairsOf(one), pairsOf(two)));
  }

  const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const pairsOf = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));

  function dice(a: readonly string[], b: readonly string[]): number {
    if (a.length === 0 || b.length === 0) return 0;
    const left = [...b];
    const common = a.filter((part) => {
      const at = left.indexOf(part);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
    return (2 * common.length) / (a.length + b.length);
  }

  interface Trait {
    readonly weight: number;
    /** From 0 to 1. */
    readonly likeness: number;
    readonly evidence: string;
  }

  const weights: Readonly<Record<string, number>> = {
    id: 4,
    name: 4,
    href: 3,
    for: 3,
    placeholder: 2,
    'aria-label': 1,
    title: 2,
    alt: 2,
    autocomplete: 2,
    type: 1,
    value: 2,
  };

  function traits(was: Fingerprint, is: Fingerprint): Trait[] {
    const found: Trait[] = [
      {
        weight: 3,
        likeness: +(was.role === is.role && was.tag === is.tag) * 0.4 + +(was.role === is.role) * 0.6,
        evidence: `same role ${was.role || was.tag}`,
      },
      { weight: 2, likeness: overlap(was.path, is.path), evidence: 'in the same surroundings' },
      { weight: 2, likeness: nearness(was.box, is.box), evidence: 'at the same position' },
      { weight: 1, likeness: sameSize(was.box, is.box), evidence: 'of the same size' },
    ];
    const text = (weight: number, a: string, b: string, evidence: string): void => {
      if (a !== '') found.push({ weight, likeness: similarity(a, b), evidence });
    };
    text(6, was.testId, is.testId, 'same test id');
    text(5, was.name, is.name, `name like "${was.name}"`);
    if (was.text !== was.name) text(2, was.text, is.text, 'text is like');
    text(3, was.item, is.item, 'in the same item');
    text(2, was.place, is.place, `in the same place: ${was.place}`);
    if (was.near.length > 0)
      found.push({ weight: 2, likeness: overlap(was.near, is.near), evidence: 'beside the same' });
    for (const [name, value] of Object.entries(was.attributes)) {
      const exact = name === 'id' || name === 'name' || name === 'for' || name === 'type' || name === 'autocomplete';
      const other = is.attributes[name] ?? '';
      found.push({
        weight: weights[name] ?? 1,
        likeness: exact ? +(other === value) : similarity(value, other),
        evidence: `same ${name}`,
      });
    }
    return found;
  }

  const overlap = (a: readonly string[], b: readonly string[]): number =>
    a.length === 0 && b.length === 0 ? 1 : dice(a, b);

  function nearness([x = 0, y = 0]: Fingerprint['box'], [otherX = 0, otherY = 0]: Fingerprint['box']): number {
    return Math.max(0, 1 - Math.hypot(x - otherX, y - otherY) / 600);
  }

  function sameSize(
    [, , width = 0, height = 0]: Fingerprint['box'],
    [, , otherWidth = 0, otherHeight = 0]: Fingerprint['box'],
  ): number {
    const ratio = (a: number, b: number): number => Math.min(a, b) / Math.max(a, b, 1);
    return ratio(width, otherWidth) * ratio(height, otherHeight);
  }

  /** Something that its author gave it and that hardly anything else has. */
  function isAnchored(was: Fingerprint, is: Fingerprint): boolean {
    if (was.testId !== '') return was.testId === is.testId;
    const given = ['id', 'name', 'for', 'href'].some(
      (name) => was.attributes[name] && was.attributes[name] === is.attributes[name],
    );
    return given || (was.name !== '' && similarity(was.name, is.name) >= 0.6);
  }

  /** The most that may be said of a candidate about which something important does not fit. */
  function ceiling(was: Fingerprint, is: Fingerprint): number {
    if (was.role !== is.role) return 0.6;
    if (!isAnchored(was, is)) return 0.6;
    const moved = was.item !== '' && similarity(was.item, is.item) < 0.5;
    const sameId =
      was.testId !== ''
        ? was.testId === is.testId
        : was.attributes.id !== undefined && was.attributes.id === is.attributes.id;
    return moved && !sameId ? 0.6 : 1;
  }

  function judge(was: Fingerprint, is: Fingerprint, isOnlyOne: boolean): { confidence: number; evidence: string[] } {
    const all = traits(was, is);
    // One that was the only one of its name, and is again.
    if (was.onlyOne && isOnlyOne && plain(was.name) === plain(is.name))
      all.push({ weight: 8, likeness: 1, evidence: `the only ${was.role || was.tag} of this name` });
    const sum = all.reduce((total, { weight }) => total + weight, 0);
    const confidence = all.reduce((total, { weight, likeness }) => total + weight * likeness, 0) / sum;
    const evidence = all.filter(({ likeness }) => likeness >= 0.8).sort((a, b) => b.weight - a.weight);
    return { confidence: Math.min(confidence, ceiling(was, is)), evidence: evidence.map((trait) => trait.evidence) };
  }

  /** The best candidate; undefined when nothing is in the least like it. What was there before beside it is not it. */
  return (was: Fingerprint, everywhere: (selector: string) => Element[], attribute?: string): Proposal | undefined => {
    const known = new Set(was.others);
    const kin = everywhere('*')
      .filter((element) => reader.role(element) === was.role && (was.role !== '' || element.localName === was.tag))
      .slice(0, 500)
      .filter(reader.visible)
      .map((element) => ({ element, is: prints.take(element, () => []) }));
    const namesakes = kin.filter(({ is }) => plain(is.name) === plain(was.name)).length;
    const judged = kin
      .filter(({ element }) => !known.has(prints.identity(element)))
      .map(({ element, is }) => ({ element, ...judge(was, is, namesakes === 1) }))
      .sort((a, b) => b.confidence - a.confidence);
    const [first, second] = judged;
    if (!first || first.confidence < 0.5) return undefined;
    const round = (share: number): number => Math.round(share * 100) / 100;
    return {
      facts: facts.facts(first.element, attribute),
      confidence: round(first.confidence),
      lead: round(first.confidence - (second?.confidence ?? 0)),
      evidence: first.evidence,
    };
  };
}
