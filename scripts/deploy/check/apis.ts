import { expressionOf, textsOf } from './expressions.ts';
import type { TerraformBlock } from './read-terraform.ts';

/** What enables the APIs. */
const ENABLED = 'google_project_service.api';
/** Of APIs that `virtuoso deploy` has enabled before Terraform runs (release/requirements.ts). */
const EARLIER = /^google_(service_account|project)(_|$)/;

/**
 * Resources that may be made before their API is enabled: in a new project, the first apply would fail. What a resource
 * refers to is made before it, so it is enough that something of that waits.
 */
export function checkApis(blocks: readonly TerraformBlock[]): string[] {
  const resources = blocks.filter(({ kind }) => kind === 'resource');
  const bodies = new Map<string, unknown>(resources.map(({ type, name, body }) => [`${type}.${name}`, body]));
  for (const { kind, body } of blocks)
    if (kind === 'locals') for (const [name, value] of Object.entries(body)) bodies.set(`local.${name}`, value);
  return resources
    .filter(({ type, name }) => !EARLIER.test(type) && !leadsTo(ENABLED, `${type}.${name}`, bodies))
    .map(({ file, type, name }) => `${file}: ${type}.${name} does not wait for its API: it depends on no ${ENABLED}`);
}

function leadsTo(goal: string, from: string, bodies: ReadonlyMap<string, unknown>, seen = new Set<string>()): boolean {
  if (from === goal) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return textsOf(bodies.get(from)).some((text) =>
    expressionOf(text).references.some(({ root, path }) => leadsTo(goal, `${root}.${path[0]}`, bodies, seen)),
  );
}
