import { parse } from 'yaml';

/** A step of Cloud Build, as far as this suite uses them. */
export interface BuildStep {
  readonly id: string;
  readonly name: string;
  readonly script: string;
  readonly env?: readonly string[];
  readonly secretEnv?: readonly string[];
}

/** Images whose steps need nothing that is not on a developer's machine. */
const LOCAL_IMAGE = /^node:/;

/** Reads the steps of a build file. @throws Error that says which step lacks what */
export function readSteps(text: string): BuildStep[] {
  const { steps } = parse(text) as { steps?: readonly Partial<BuildStep>[] };
  if (!Array.isArray(steps) || steps.length === 0) throw new Error('the build file has no steps');
  return steps.map((step: Partial<BuildStep>, index) => {
    const { id, name, script } = step;
    if (!id || !name || !script) throw new Error(`step ${id ?? index} needs an id, a name and a script`);
    return { ...step, id, name, script };
  });
}

/** Why a step cannot be run on this machine; undefined when it can. */
export function needsCloud({ name, env = [], secretEnv = [] }: BuildStep): string | undefined {
  if (!LOCAL_IMAGE.test(name)) return `it runs in ${name}`;
  if (secretEnv.length > 0) return `it is given the secret ${secretEnv.join(', ')}`;
  const needs = env.find((entry) => entry.startsWith('NEEDS='));
  return needs ? `it goes on with what ${needs.slice('NEEDS='.length)} has done` : undefined;
}
