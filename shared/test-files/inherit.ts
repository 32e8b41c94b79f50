import type { Draft } from './draft.ts';

/** Gives a test what its suite says for all: what the test says itself goes before. The suite's setup runs first. */
export function inherit(draft: Draft, shared: Draft): void {
  const { definition } = draft;
  const from = shared.definition;
  merge(draft, shared, 'config');
  merge(draft, shared, 'variables');
  if (Array.isArray(definition.tags)) definition.tags = [...new Set([...from.tags, ...definition.tags])];
  definition.setup = [...from.setup, ...definition.setup];
  definition.teardown = [...definition.teardown, ...from.teardown];
  if (definition.baseUrl === undefined && from.baseUrl !== undefined) definition.baseUrl = from.baseUrl;
  if (definition.environment === undefined && from.environment !== undefined) definition.environment = from.environment;
  for (const step of [...from.setup, ...from.teardown]) adopt(step, draft, shared);
}

/** What is no mapping is left as it is: the contract tells. */
function merge(draft: Draft, shared: Draft, part: 'config' | 'variables'): void {
  const { definition, origins } = draft;
  const [own, outer] = [definition[part], shared.definition[part]];
  if (typeof own !== 'object' || own === null || Array.isArray(own) || Object.keys(outer).length === 0) return;
  const fields = [...(shared.origins.get(outer)?.fields ?? []), ...(origins.get(own)?.fields ?? [])];
  const at = origins.get(own)?.at ?? origins.get(definition)?.fields.get(part) ?? shared.origins.get(outer)?.at;
  definition[part] = { ...outer, ...own };
  if (at) origins.set(definition[part], { at, fields: new Map(fields) });
}

/** Steps of the suite, and those inside them, stand where the suite has them. */
function adopt(value: unknown, draft: Draft, shared: Draft): void {
  if (typeof value !== 'object' || value === null) return;
  const origin = shared.origins.get(value);
  if (origin) draft.origins.set(value, origin);
  for (const inner of Object.values(value)) adopt(inner, draft, shared);
}
