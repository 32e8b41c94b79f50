import type { Step } from '../../schemas/step.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { isJson } from './command-fields.ts';
import { type Entry, jsonOf, type Located, type Mapping, type Place } from './located.ts';
import type { Fields } from './read-shape.ts';

/** Where an object of the definition, and each of its fields, stands in the file. */
export interface Origin {
  readonly at: Place;
  readonly fields: Map<string, Place | Located>;
  /** The mapping that the object was read from as it stands. */
  readonly mapping?: Mapping;
}

/** A definition in the making, and where its parts come from. */
export interface Draft {
  readonly definition: TestDefinition;
  readonly origins: WeakMap<object, Origin>;
}

export function createDraft(at: Place): Draft {
  const definition: TestDefinition = {
    name: '',
    tags: [],
    config: {},
    variables: {},
    data: [],
    setup: [],
    checkpoints: [],
    teardown: [],
  };
  const origins = new WeakMap<object, Origin>([[definition, { at, fields: new Map() }]]);
  return { definition, origins };
}

/** Notes where a field of an object of the definition stands. */
export function remember(draft: Draft, object: object, field: string, at: Place | Located): void {
  const origin = draft.origins.get(object) ?? { at, fields: new Map() };
  origin.fields.set(field, at);
  draft.origins.set(object, origin);
}

/** A step as it was read, with the places of its fields. */
export interface ReadStep {
  readonly step: Step;
  readonly origin: Origin;
  /** The steps inside it. */
  readonly inner?: readonly ReadStep[];
}

/** Notes where a step and those inside it stand; gives the step. */
export function keepStep(draft: Draft, { step, origin, inner = [] }: ReadStep): Step {
  draft.origins.set(step, origin);
  for (const nested of inner) keepStep(draft, nested);
  return step;
}

const isCollection = (at: Place | Located): at is Located => 'kind' in at && at.kind !== 'scalar';

/** A step of the fields that were read. */
export function assemble(command: string, fields: Fields, at: Place): ReadStep {
  const step: Step = { command };
  const origin = { at, fields: new Map<string, Place>() };
  for (const [field, given] of fields) {
    step[field] = isJson(command, field) && isCollection(given.at) ? jsonOf(given.at) : given.value;
    origin.fields.set(field, given.at);
  }
  return { step, origin };
}

/**
 * The place that a JSON Pointer into the definition leads back to: the nearest part that stands in the file.
 * @param asKey the key instead of its value, for keys that should not be there.
 */
export function placeOf(draft: Draft, pointer: string, asKey: boolean): Place {
  let value: unknown = draft.definition;
  let at = draft.origins.get(draft.definition)?.at ?? { start: 0, end: 0 };
  let node: Place | Located | undefined;
  for (const escaped of pointer.split('/').slice(1)) {
    const part = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    const origin = isObject(value) ? draft.origins.get(value) : undefined;
    if (origin) at = origin.at;
    const child =
      (asKey && within(origin?.mapping, part, asKey)) || (origin?.fields.get(part) ?? within(node, part, asKey));
    node = child && 'entry' in child ? child.entry.value : child;
    at = child && 'entry' in child ? child.entry.at : (child ?? at);
    const list = Array.isArray(value);
    value = isObject(value) ? (value as Record<string, unknown>)[part] : undefined;
    // What could not be read is left out of a list: places in it are not those of the file.
    const own = list && isObject(value) ? draft.origins.get(value) : undefined;
    if (own) {
      at = own.at;
      node = own.mapping;
    }
  }
  const last = isObject(value) ? draft.origins.get(value) : undefined;
  return node ? at : (last?.at ?? at);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function within(
  node: Place | Located | undefined,
  part: string,
  asKey: boolean,
): Located | { entry: Entry } | undefined {
  if (!node || !('kind' in node)) return undefined;
  if (node.kind === 'list') return node.items[Number(part)];
  if (node.kind !== 'mapping') return undefined;
  const entry = node.entries.find(({ key }) => key === part);
  return entry && asKey ? { entry } : entry?.value;
}
