import { stepsOf } from './check-definition.ts';
import { type Draft, placeOf } from './draft.ts';
import type { Report } from './report.ts';
import { warnOfUnfilled } from './warn-unfilled.ts';
import { warnOfUnreachable } from './warn-unreachable.ts';
import { warnOfUnusedVariables } from './warn-unused.ts';

/** Waits above this are told, in ms. */
const LONG_WAIT_MS = 10_000;

/** Tells what is allowed and probably not meant. */
export function warn(draft: Draft, report: Report): void {
  warnOfSteps(draft, report);
  const names = Object.keys(draft.definition.variables);
  warnOfUnusedVariables(draft, names, [draft], report);
  warnOfUnfilled(draft, names, report);
}

/** The same of a suite: a variable that all tests have from it is used when one of them uses it. */
export function warnOfSuite(shared: Draft, tests: readonly Draft[], report: Report): void {
  const common = Object.keys(shared.definition.variables);
  for (const draft of tests) {
    warnOfSteps(draft, report);
    const own = Object.keys(draft.definition.variables).filter((name) => !common.includes(name));
    warnOfUnusedVariables(draft, own, [draft], report);
    warnOfUnfilled(draft, own, report);
  }
  warnOfUnusedVariables(shared, common, tests, report);
  warnOfUnfilled(shared, common, report);
}

function warnOfSteps(draft: Draft, report: Report): void {
  warnOfLongWaits(draft, report);
  warnOfDurations(draft, report);
  warnOfPositions(draft, report);
  warnOfUnreachable(draft, report);
}

function warnOfLongWaits(draft: Draft, report: Report): void {
  for (const [pointer, step] of stepsOf(draft)) {
    if (step.command !== 'wait.time' || typeof step.durationMs !== 'number' || step.durationMs <= LONG_WAIT_MS)
      continue;
    const message = `waits ${step.durationMs / 1000} s each time, whether the page is ready or not`;
    report.warn(
      'long-wait',
      message,
      placeOf(draft, `${pointer}/durationMs`, false),
      'Wait for an element or a text instead.',
    );
  }
}

/** `wait: 2s` waits for an element that says so: durations are plain numbers. */
function warnOfDurations(draft: Draft, report: Report): void {
  for (const [pointer, step] of stepsOf(draft)) {
    if (step.command !== 'wait.element' || typeof step.target !== 'string') continue;
    const found = /^(\d+(?:\.\d+)?)\s*(ms|s|sec|seconds?|m|min|minutes?)?$/.exec(step.target.trim());
    if (!found) continue;
    const ms = Number(found[1]) * (/^m(?!s)/.test(found[2] ?? '') ? 60_000 : /^s/.test(found[2] ?? '') ? 1000 : 1);
    const message = `'${step.target}' is read as an element to wait for, not as a time`;
    report.warn(
      'looks-like-duration',
      message,
      placeOf(draft, `${pointer}/target`, false),
      `For a time, write milliseconds: ${ms}`,
    );
  }
}

/** What a selector says of places among others, which change with the page: `:nth-child(3)`, `//li[2]`, `nth`. */
const POSITION = /:nth-(?:last-)?(?:child|of-type)\(\s*[+-]?\d+\s*\)/i;
const XPATH_POSITION = /^(?:xpath=|\(?\/\/).*\[\s*(?:\d+|last\(\))\s*\]/is;

function warnOfPositions(draft: Draft, report: Report): void {
  for (const [pointer, step] of stepsOf(draft))
    for (const field of ['target', 'to'] as const) {
      const target = step[field];
      if (!saysPosition(target)) continue;
      const message = 'the element is found by its place among others, which changes with the page';
      const hint = 'Name what people see of it, or give it a test id: @testid.';
      report.warn('position-selector', message, placeOf(draft, `${pointer}/${field}`, false), hint);
    }
}

function saysPosition(target: unknown): boolean {
  if (typeof target === 'string') return POSITION.test(target) || XPATH_POSITION.test(target);
  if (typeof target !== 'object' || target === null) return false;
  const { nth, css, xpath } = target as Record<string, unknown>;
  return nth !== undefined || saysPosition(css) || (typeof xpath === 'string' && saysPosition(`xpath=${xpath}`));
}
