import { innerFields, type Step } from '../../schemas/step.ts';

/** The lists of steps inside a step, each with the field that holds it. */
export function innerLists(step: Step): [field: string, steps: readonly Step[]][] {
  if (!step.command.startsWith('control.')) return [];
  return innerFields.flatMap((field): [string, readonly Step[]][] => {
    const list = step[field];
    return Array.isArray(list) ? [[field, list as Step[]]] : [];
  });
}

/** The step at a path, `[2, 'then', 0]`. */
export function stepAt(steps: readonly Step[], path: readonly (number | string)[]): Step | undefined {
  const [position, field, ...rest] = path;
  const step = steps[Number(position)];
  if (field === undefined || step === undefined) return step;
  const [, inner = []] = innerLists(step).find(([name]) => name === field) ?? [];
  return stepAt(inner, rest);
}

/** A step without the steps inside it. */
export function withoutInner(step: Step): Step {
  const inner = new Set(innerLists(step).map(([field]) => field));
  return inner.size === 0
    ? step
    : (Object.fromEntries(Object.entries(step).filter(([field]) => !inner.has(field))) as Step);
}
