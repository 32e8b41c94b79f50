import { stepsOf } from './check-definition.ts';
import { type Draft, placeOf } from './draft.ts';
import type { Report } from './report.ts';

/** A variable is used where `{{name…}}`, `$name` or a field that names a variable has it. */
export function warnOfUnusedVariables(
  draft: Draft,
  names: readonly string[],
  within: readonly Draft[],
  report: Report,
): void {
  if (names.length === 0) return;
  const used = new Set(within.flatMap((test) => [...usedIn(test)]));
  for (const name of names) {
    if (used.has(name)) continue;
    const at = placeOf(draft, `/variables/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, true);
    report.warn('unused-variable', `the variable '${name}' is not used`, at, `Use it as {{${name}}}, or remove it.`);
  }
}

function usedIn(draft: Draft): Set<string> {
  const used = new Set<string>();
  for (const text of textsIn(draft.definition)) {
    for (const [, braces, dollar] of text.matchAll(/\{\{\s*\$?(?:row\.)?([^{}]+?)\s*\}\}|\$([A-Za-z_]\w*)/g)) {
      used.add(braces ?? dollar ?? '');
      used.add(braces?.split('.')[0] ?? '');
    }
  }
  for (const [, step] of stepsOf(draft)) {
    const named = [
      step.variable,
      step.command === 'assert.variable' ? step.name : undefined,
      ...namesInConditions(step),
    ];
    for (const name of named) if (typeof name === 'string') used.add(name.replace(/^\$/, ''));
  }
  return used;
}

/** `{variable: NAME, …}` anywhere in the conditions of a step. */
function* namesInConditions(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  if ('variable' in value) yield value.variable;
  for (const member of Object.values(value)) yield* namesInConditions(member);
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* textsIn(member);
}
