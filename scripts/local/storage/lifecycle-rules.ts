import { invalid, unsupported } from './errors.ts';
import { isJson } from './object-fields.ts';
import type { ObjectRow } from './tables.ts';

/** When a rule applies: all of its conditions together. */
export interface LifecycleCondition {
  /** Days since the object was created. */
  readonly age?: number;
  /** A date: `2026-01-31`. */
  readonly createdBefore?: string;
  readonly customTimeBefore?: string;
  readonly daysSinceCustomTime?: number;
  readonly daysSinceNoncurrentTime?: number;
  readonly noncurrentTimeBefore?: string;
  readonly isLive?: boolean;
  readonly numNewerVersions?: number;
  readonly matchesStorageClass?: readonly string[];
  readonly matchesPrefix?: readonly string[];
  readonly matchesSuffix?: readonly string[];
}

export interface LifecycleRule {
  readonly action: { readonly type: 'Delete' | 'SetStorageClass'; readonly storageClass?: string };
  readonly condition: LifecycleCondition;
}

/** A version of an object, and how many newer ones there are. */
export interface Candidate {
  readonly row: ObjectRow;
  readonly newer: number;
  readonly customTime: string | undefined;
}

const DAY_MS = 24 * 3600 * 1000;

type Test = (value: never, candidate: Candidate, now: number) => boolean;

const TESTS: Record<keyof LifecycleCondition, Test> = {
  age: (days: number, { row }, now) => now - row.created >= days * DAY_MS,
  createdBefore: (date: string, { row }) => row.created < Date.parse(date),
  customTimeBefore: (date: string, { customTime }) =>
    customTime !== undefined && Date.parse(customTime) < Date.parse(date),
  daysSinceCustomTime: (days: number, { customTime }, now) => {
    return customTime !== undefined && now - Date.parse(customTime) >= days * DAY_MS;
  },
  daysSinceNoncurrentTime: (days: number, { row }, now) => row.deleted !== null && now - row.deleted >= days * DAY_MS,
  noncurrentTimeBefore: (date: string, { row }) => row.deleted !== null && row.deleted < Date.parse(date),
  isLive: (live: boolean, { row }) => (row.live === 1) === live,
  numNewerVersions: (count: number, { newer }) => newer >= count,
  matchesStorageClass: (classes: readonly string[], { row }) => classes.includes(row.storage_class),
  matchesPrefix: (prefixes: readonly string[], { row }) => prefixes.some((prefix) => row.name.startsWith(prefix)),
  matchesSuffix: (suffixes: readonly string[], { row }) => suffixes.some((suffix) => row.name.endsWith(suffix)),
};

/** Whether every condition of the rule holds for the version. */
export function applies({ condition }: LifecycleRule, candidate: Candidate, now: number): boolean {
  return Object.entries(condition).every(([name, value]) => {
    return TESTS[name as keyof LifecycleCondition](value as never, candidate, now);
  });
}

/** @throws HttpError 400 for a rule without conditions, 501 for an action or condition that the service does not know. */
export function checkLifecycle(lifecycle: unknown): void {
  if (lifecycle === undefined) return;
  const rules = isJson(lifecycle) ? (lifecycle.rule ?? []) : undefined;
  if (!Array.isArray(rules)) throw invalid('Invalid value for: lifecycle.rule');
  for (const rule of rules as unknown[]) {
    if (!isJson(rule) || !isJson(rule.action) || !isJson(rule.condition))
      throw invalid('A lifecycle rule needs an action and a condition.');
    const { type, storageClass } = rule.action;
    if (type !== 'Delete' && type !== 'SetStorageClass') throw unsupported(`The lifecycle action ${String(type)}`);
    if (type === 'SetStorageClass' && typeof storageClass !== 'string')
      throw invalid('SetStorageClass needs a storageClass.');
    const names = Object.keys(rule.condition);
    if (names.length === 0) throw invalid('A lifecycle rule needs at least one condition.');
    for (const name of names) if (!Object.hasOwn(TESTS, name)) throw unsupported(`The lifecycle condition ${name}`);
  }
}
