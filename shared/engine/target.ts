/** A target that names its strategy; exactly one strategy beside the refinements `exact`, `name` and `nth`. */
export interface TargetObject {
  readonly css?: string;
  readonly xpath?: string;
  readonly testId?: string;
  readonly role?: string;
  /** Accessible name, beside `role`. */
  readonly name?: string;
  readonly label?: string;
  readonly placeholder?: string;
  readonly alt?: string;
  readonly title?: string;
  readonly text?: string;
  readonly hint?: string;
  /** Whole text instead of a part of it. */
  readonly exact?: boolean;
  /** Picks one of several matches, from 0. */
  readonly nth?: number;
}

/** What a step acts on: a string that is read in the order of the vocabulary, or a named strategy. */
export type Target = string | TargetObject;

/** What one look at the page told about an element. */
export interface ElementFacts {
  /** Selector that finds this element and no other, for a Playwright locator. */
  readonly path: string;
  /** Short description for people: `button "Log in"`. */
  readonly description: string;
  readonly visible: boolean;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly selected: boolean;
  /** Type of an input, as `date`; null for what is none. */
  readonly type: string | null;
  /** A field's value; null for what has none. */
  readonly value: string | null;
  /** Label of a select's chosen option; null for what is no select. */
  readonly chosen: string | null;
  /** Visible text, white space folded. */
  readonly text: string;
  /** Value of the attribute that was asked for, null when it is absent. */
  readonly attribute: string | null;
}

/** What one look at the page found for a target. */
export interface Sighting {
  readonly strategy: string;
  /** Visible ones first, at most 20. Of a hint only those that are as good as the best. */
  readonly matches: readonly ElementFacts[];
  readonly total: number;
  /** The matches with their places, for people, when there are several. */
  readonly rivals: readonly string[];
}

/**
 * The one element that was seen: the only one, or the only one that can be seen; undefined when there is none, and
 * 'several' when it cannot be told which is meant.
 */
export function theOne(seen: Sighting): ElementFacts | undefined | 'several' {
  const [first, second] = seen.matches;
  if (!second) return first;
  return first?.visible && !second.visible ? first : 'several';
}
