import type { KeyedForm } from './vocabulary.ts';

/** What a top-level key of a test file says. */
export type Role =
  | 'name'
  | 'description'
  | 'project'
  | 'tags'
  | 'base'
  | 'start'
  | 'config'
  | 'infrastructure'
  | 'variables'
  | 'environment'
  | 'data'
  | 'setup'
  | 'steps'
  | 'checkpoints'
  | 'teardown';

/** A form whose steps are keys with values. */
export interface FormDefinition {
  readonly name: KeyedForm;
  readonly keys: Readonly<Record<string, Role>>;
  readonly required: readonly Role[];
}

export const compact: FormDefinition = {
  name: 'compact',
  keys: {
    test: 'name',
    desc: 'description',
    base: 'base',
    nav: 'start',
    url: 'start',
    config: 'config',
    setup: 'setup',
    do: 'steps',
    teardown: 'teardown',
    data: 'data',
    vars: 'variables',
    v: 'variables',
    env: 'environment',
    tags: 'tags',
  },
  required: ['name', 'steps'],
};

export const simplified: FormDefinition = {
  name: 'simplified',
  keys: {
    name: 'name',
    description: 'description',
    project: 'project',
    starting_url: 'start',
    base_url: 'base',
    baseUrl: 'base',
    config: 'config',
    infrastructure: 'infrastructure',
    variables: 'variables',
    environment: 'environment',
    data: 'data',
    tags: 'tags',
    setup: 'setup',
    steps: 'steps',
    checkpoints: 'checkpoints',
    teardown: 'teardown',
  },
  required: ['name'],
};

/** The key by which a form says something. */
export function keyFor(form: FormDefinition, role: Role): string | undefined {
  return Object.entries(form.keys).find(([, itsRole]) => itsRole === role)?.[0];
}
