import type { CDPSession, Frame } from 'playwright-core';
import { nearest } from '../../schemas/problems.ts';
import { askPage } from './ask-page.ts';
import type { Proposal } from './fingerprint.ts';
import type { TargetHealing } from './healing.ts';
import { readHint } from './hint-reading.ts';
import type { PageAnswer, PageQuery } from './page-locator.ts';
import { asGiven, parseTarget } from './parse-target.ts';
import type { Purpose } from './step-context.ts';
import { StepError } from './step-error.ts';
import { type ElementFacts, type Sighting, type Target, theOne } from './target.ts';
import { targetSelector } from './target-selector.ts';

/** A target that was found. */
export interface ResolvedTarget {
  readonly facts: ElementFacts;
  readonly strategy: string;
  /** What was chosen, for people and for a second look: `button "Log in" #login`. */
  readonly resolved: string;
  /** Finds it again at the moment of acting, for Playwright. */
  readonly selector: string;
}

/** Where to look. */
export interface Scene {
  readonly frame: Frame;
  /** A protocol session of the frame's tab. */
  readonly cdp: () => Promise<CDPSession>;
}

/** Time and place of a search. */
export interface Search {
  readonly purpose: Purpose;
  readonly attribute?: string;
  readonly healing: TargetHealing;
  /** Where to look, asked for again at each attempt. */
  readonly scene: () => Scene;
  /** Milliseconds until the search must end. */
  readonly left: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What else to ask with a look. */
type LookOptions = Partial<Pick<PageQuery, 'attribute' | 'suggest' | 'remember' | 'remembered'>>;

/** How long a target may stay ambiguous while a page is being built. */
const AMBIGUOUS_MS = 2000;
const pauses = [20, 50, 100, 100, 250];
/**
 * One look at the page for a target: one message to it.
 * @throws StepError invalid-value when the target cannot be read.
 */
export async function lookFor(
  target: Target,
  purpose: Purpose,
  { frame, cdp }: Scene,
  options: LookOptions = {},
): Promise<Sighting & Pick<PageAnswer, 'suggestions' | 'print' | 'proposal'>> {
  const query = queryFor(target, purpose);
  const found = await askPage(frame, cdp, { ...query, ...options });
  if (found.invalid !== undefined) {
    throw new StepError('invalid-value', `the target '${asGiven(target)}' cannot be read as ${query.by}`, {
      hint: `The browser says: ${found.invalid}.`,
    });
  }
  return found;
}

function queryFor(target: Target, purpose: Purpose): PageQuery {
  const query = parseTarget(target);
  return { ...query, purpose, readings: query.by === 'hint' ? readHint(query.value) : [], suggest: false };
}

/**
 * One look for the one element that a target means, or for what is used in its place.
 * @throws StepError invalid-value
 */
export async function seek(
  target: Target,
  search: Search,
): Promise<{ one: ReturnType<typeof theOne>; seen: Sighting }> {
  const { attribute, healing } = search;
  const seen = await lookFor(target, search.purpose, search.scene(), {
    ...(attribute === undefined ? {} : { attribute }),
    ...healing.ask(),
  });
  const one = theOne(seen);
  if (one === undefined) return { one: healing.instead(seen.proposal), seen: { ...seen, strategy: 'fingerprint' } };
  if (one !== 'several') healing.found(seen.print);
  return { one, seen };
}

/**
 * Waits for the one element that a target means, as the page changes.
 * @throws StepError element-not-found or ambiguous-target, with what was there instead.
 */
export async function resolveTarget(target: Target, search: Search): Promise<ResolvedTarget> {
  const started = search.left();
  for (let attempt = 0; ; attempt++) {
    const { one, seen } = (await trySeek(target, search)) ?? {};
    if (seen && one && one !== 'several') {
      const { strategy } = seen;
      const selector = strategy === 'fingerprint' ? one.path : targetSelector(queryFor(target, search.purpose));
      return { facts: one, strategy, resolved: resolved(one), selector };
    }
    const over = search.left() <= 1;
    if (one === 'several' && seen && (over || started - search.left() > AMBIGUOUS_MS)) throw ambiguous(target, seen);
    if (over) throw await notFound(target, search);
    await search.sleep(Math.min(pauses[Math.min(attempt, pauses.length - 1)] ?? 250, search.left()));
  }
}

/** A page that is being left answers nothing: that is no reason to give up. */
export function isPassing(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return /context was destroyed|Cannot find context|frame was detached|Frame was detached|because of a navigation|Inspected target navigated/i.test(
    message,
  );
}

async function trySeek(target: Target, search: Search): Promise<Awaited<ReturnType<typeof seek>> | undefined> {
  try {
    return await seek(target, search);
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

const resolved = (facts: ElementFacts): string => `${facts.description} ${facts.path.replace(/css(:light)?=/g, '')}`;

function ambiguous(target: Target, seen: Sighting): StepError {
  return new StepError(
    'ambiguous-target',
    `'${asGiven(target)}' could be any of ${seen.total} elements: ${seen.rivals.join('; ')}`,
    {
      hint: 'Say which: add its place ("… in the header"), use a selector or @testid, or {hint: …, nth: 0}.',
      candidates: seen.rivals,
    },
  );
}

async function notFound(target: Target, search: Search): Promise<StepError> {
  const scene = search.scene();
  const { frame } = scene;
  const { remembered } = search.healing;
  const last = await lookFor(target, search.purpose, scene, {
    suggest: true,
    ...(remembered ? { remembered } : {}),
  }).catch(() => undefined);
  const near = last ? nearestOf(asGiven(target), last.suggestions) : [];
  const elsewhere = await inChildFrame(target, search, scene);
  if (!elsewhere) search.healing.propose(last?.proposal);
  const hint = elsewhere
    ? `It is in the frame ${elsewhere}: use window.switch-frame first.`
    : last?.proposal
      ? `It may have become ${resolved(last.proposal.facts)}: ${inWords(last.proposal)}.`
      : near.length > 0
        ? `Near to it: ${near.join('; ')}.`
        : 'Check that the page is the right one, and that nothing has to happen before the element is there.';
  return new StepError('element-not-found', `there is no element '${asGiven(target)}' on ${frame.url()}`, {
    hint,
    candidates: near,
  });
}

const inWords = ({ confidence, evidence }: Proposal): string =>
  [`${Math.round(confidence * 100)} % sure`, ...evidence.slice(0, 4)].join(', ');

async function inChildFrame(target: Target, search: Search, scene: Scene): Promise<string | undefined> {
  for (const child of scene.frame.childFrames().slice(0, 10)) {
    const seen = await lookFor(target, search.purpose, { ...scene, frame: child }).catch(() => undefined);
    if (seen && seen.total > 0) return child.name() ? `'${child.name()}'` : child.url();
  }
  return undefined;
}

/** What is there that shares words with the target, or is spelt almost like it; at most five. */
function nearestOf(wanted: string, suggestions: PageAnswer['suggestions']): string[] {
  const slip = nearest(wanted, [...new Set(suggestions.map(({ words }) => words))]);
  const words = new Set(wanted.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? []);
  const shared = suggestions
    .map((suggestion) => ({
      suggestion,
      common: (suggestion.words.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? []).filter((word) => words.has(word)).length,
    }))
    .filter(({ common }) => common > 0)
    .sort((a, b) => b.common - a.common)
    .map(({ suggestion }) => suggestion);
  const ranked = [...suggestions.filter(({ words }) => words === slip), ...shared];
  return [
    ...new Set(
      ranked.map(({ words, description }) => (/^[#@]/.test(words) ? `${words} (${description})` : description)),
    ),
  ].slice(0, 5);
}
