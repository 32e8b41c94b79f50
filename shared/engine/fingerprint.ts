import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../schemas/fingerprint.ts';
import type { ElementFacts } from './target.ts';

/** An element that may be the one which is no longer found. */
export interface Proposal {
  readonly facts: ElementFacts;
  /** From 0 to 1: how much of what is remembered holds for it. */
  readonly confidence: number;
  /** How much surer than of the next best. */
  readonly lead: number;
  /** What speaks for it, for people. */
  readonly evidence: readonly string[];
}

/** From here on a proposal is used where the test allows it. */
export const SURE = 0.65;
/** … and when it is so much surer than of the next best. */
export const CLEAR_LEAD = 0.1;

/** Whether a proposal may be used in place of what is not found. */
export const isSure = ({ confidence, lead }: Proposal): boolean => confidence >= SURE && lead >= CLEAR_LEAD;

/**
 * Name under which a step's fingerprint is kept: the checkpoint and the words of the target, variables filled in, so
 * that steps may be put between others, and rows of data do not meet.
 */
export function fingerprintKey(checkpoint: string, target: string): string {
  return createHash('sha256')
    .update(JSON.stringify([checkpoint, target]))
    .digest('base64url')
    .slice(0, 16);
}

/** Whether two fingerprints say the same but for what changes with every visit. */
export function isSamePrint(a: Fingerprint | undefined, b: Fingerprint | undefined): boolean {
  const lasting = (print: Fingerprint | undefined): string =>
    JSON.stringify(print && { ...print, box: [], near: [], others: [...print.others].sort() });
  return lasting(a) === lasting(b);
}
