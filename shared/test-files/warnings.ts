import { stepsOf } from './check-definition.ts';
import { type Draft, placeOf } from './draft.ts';
import type { Report } from './report.ts';

/** Waits above this are told, in ms. */
const LONG_WAIT_MS = 10_000;

/** Tells what is allowed and probably not meant. */
export function warn(draft: Draft, report: Report): void {
  warnOfLongWaits(draft, report);
  warnOfDurations(draft, report);
  warnOfUnusedVariables(draft, report);
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

/** A variable is used where `{{name…}}`, `$name` or a field that names a variable has it. */
function warnOfUnusedVariables(draft: Draft, report: Report): void {
  const { variables, ...rest } = draft.definition;
  const names = Object.keys(variables);
  if (names.length === 0) return;
  const used = new Set<string>();
  for (const text of textsIn([rest, variables])) {
    for (const [, braces, dollar] of text.matchAll(/\{\{\s*(?:row\.)?([\w-]+)|\$([A-Za-z_]\w*)/g))
      used.add(braces ?? dollar ?? '');
  }
  for (const [, step] of stepsOf(draft))
    for (const field of [step.variable, step.command === 'assert.variable' ? step.name : undefined])
      if (typeof field === 'string') used.add(field.replace(/^\$/, ''));
  for (const name of names) {
    if (used.has(name)) continue;
    const at = placeOf(draft, `/variables/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, true);
    report.warn('unused-variable', `the variable '${name}' is not used`, at, `Use it as {{${name}}}, or remove it.`);
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* textsIn(member);
}
