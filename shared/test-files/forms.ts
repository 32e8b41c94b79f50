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
  | 'include'
  | 'blocks'
  | 'setup'
  | 'steps'
  | 'checkpoints'
  | 'teardown';

/** The forms that have top-level keys of their own and lists of steps below them. */
export type FormName = KeyedForm | 'extended' | 'journey';

/** Whose keys and values a form's steps may also be. */
export const wordsOf = (form: FormName): KeyedForm => (form === 'compact' ? 'compact' : 'simplified');

/** A form with top-level keys of its own. */
export interface FormDefinition {
  readonly name: FormName;
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
    include: 'include',
    blocks: 'blocks',
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
    include: 'include',
    blocks: 'blocks',
    setup: 'setup',
    steps: 'steps',
    checkpoints: 'checkpoints',
    teardown: 'teardown',
  },
  required: ['name'],
};

/** The top of the simplified form; its steps say `type` and `command`. */
export const extended: FormDefinition = { ...simplified, name: 'extended' };

/** What `journey` holds; its steps say `command` and `args`. */
export const journey: FormDefinition = {
  name: 'journey',
  keys: {
    name: 'name',
    description: 'description',
    project_id: 'project',
    starting_url: 'start',
    base_url: 'base',
    baseUrl: 'base',
    config: 'config',
    variables: 'variables',
    environment: 'environment',
    data: 'data',
    tags: 'tags',
    setup: 'setup',
    checkpoints: 'checkpoints',
    teardown: 'teardown',
  },
  required: ['name', 'checkpoints'],
};

/** The key by which a form says something. */
export function keyFor(form: FormDefinition, role: Role): string | undefined {
  return Object.entries(form.keys).find(([, itsRole]) => itsRole === role)?.[0];
}
