import type { Fingerprint, Fingerprints } from '../../schemas/fingerprint.ts';
import type { StepResult } from '../../schemas/step.ts';
import { configDefaults, type TestConfig } from '../../schemas/test-definition.ts';
import { fingerprintKey, isSamePrint, isSure, type Proposal } from './fingerprint.ts';
import { asGiven } from './parse-target.ts';
import type { ElementFacts, Target } from './target.ts';

export type Healed = NonNullable<StepResult['healed']>;

/** What a session remembers of the elements that its steps found, in this run and the ones before. */
export interface Memory {
  readonly mode: NonNullable<TestConfig['healing']>;
  /** A checkpoint begins: targets are remembered by it. */
  enter(checkpoint: string): void;
  /** It ends. What its steps found is remembered when it has passed: what a failure found may be the wrong thing. */
  leave(passed: boolean): void;
  recall(target: string): Fingerprint | undefined;
  learn(target: string, print: Fingerprint): void;
  /** What differs from what was known at the start. */
  learned(): Fingerprints;
}

/** @param known the fingerprints of the runs before; without them nothing is remembered, and nothing healed. */
export function memoryOf(config: TestConfig, known: Fingerprints | undefined): Memory {
  let checkpoint = '';
  let pending: Record<string, Fingerprint> = {};
  const learned: Record<string, Fingerprint> = {};
  return {
    mode: known ? (config.healing ?? configDefaults.healing) : 'off',
    enter: (name) => {
      checkpoint = name;
      pending = {};
    },
    leave: (passed) => {
      if (passed) Object.assign(learned, pending);
      pending = {};
    },
    recall: (target) => known?.[fingerprintKey(checkpoint, target)],
    learn: (target, print) => {
      pending[fingerprintKey(checkpoint, target)] = print;
    },
    learned: () =>
      Object.fromEntries(Object.entries(learned).filter(([key, print]) => !isSamePrint(known?.[key], print))),
  };
}

/** What a step's searches share about healing; lives as long as the step, its retries included. */
export interface StepHealing {
  /** The fingerprints that the step took, by the words of their targets. */
  readonly taken: Map<string, Fingerprint>;
  /** What was used in place of an element that was not found. */
  healed?: Healed;
  /** What might be used. */
  proposed?: Healed;
}

/** What happens around a step that healing depends on. */
interface Circumstances {
  /** Milliseconds that the step may take, and that it has taken. */
  readonly timeoutMs: number;
  spent(): number;
  /** Milliseconds since the page had a request in flight. */
  quietMs(): number;
}

/** Healing, for the search of one target. */
export interface TargetHealing {
  /** What to ask the page for, beside the target. */
  ask(): { remember?: boolean; remembered?: Fingerprint };
  /** Keeps the fingerprint of what was found. */
  found(print: Fingerprint | undefined): void;
  /** The element to use in place of one that was not found, if there is one that is sure enough. */
  instead(proposal: Proposal | undefined): ElementFacts | undefined;
  /** Notes what might have been used, of a search that found nothing. */
  propose(proposal: Proposal | undefined): void;
  readonly remembered: Fingerprint | undefined;
}

/** A fingerprint is tried after this share of the step's time, when the page has come to rest … */
const PATIENCE = 1 / 3;
/** … and after this share in any case. */
const LONGEST_PATIENCE = 2 / 3;
const QUIET_MS = 500;

export function healingOf(memory: Memory, step: StepHealing, target: Target, around: Circumstances): TargetHealing {
  const given = asGiven(target);
  const remembered = memory.mode === 'off' ? undefined : memory.recall(given);
  const isDue = (): boolean => {
    if (step.healed?.from === given) return true;
    const share = around.spent() / around.timeoutMs;
    return share >= LONGEST_PATIENCE || (share >= PATIENCE && around.quietMs() >= QUIET_MS);
  };
  return {
    remembered,
    ask: () => ({
      ...(memory.mode !== 'off' && !step.taken.has(given) ? { remember: true } : {}),
      ...(remembered && memory.mode === 'apply' && isDue() ? { remembered } : {}),
    }),
    found: (print) => {
      if (print) step.taken.set(given, print);
    },
    instead: (proposal) => {
      if (!proposal || !isSure(proposal)) return undefined;
      step.healed = asHealed(given, proposal);
      return proposal.facts;
    },
    propose: (proposal) => {
      if (proposal) step.proposed = asHealed(given, proposal);
    },
  };
}

function asHealed(from: string, { facts, confidence, evidence }: Proposal): Healed {
  const to = `${facts.description} ${facts.path.replace(/css(:light)?=/g, '')}`;
  return { from, to, confidence, evidence: [...evidence] };
}
