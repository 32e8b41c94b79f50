import type { Block, ProviderSchema } from './provider-schema.ts';
import type { TerraformBlock } from './read-terraform.ts';

/** Arguments that Terraform itself takes in every resource and data source. */
const META = ['for_each', 'count', 'depends_on', 'provider', 'lifecycle', 'provisioner', 'connection'];

/** What the provider's schema does not know, and what it misses. */
export function checkArguments(blocks: readonly TerraformBlock[], schema: ProviderSchema): string[] {
  return blocks.flatMap((block) => {
    if (block.kind !== 'resource' && block.kind !== 'data') return [];
    const { type, name, body, file } = block;
    const where = `${file}: ${type}.${name}`;
    const known = schema.types[block.kind === 'data' ? `data.${type}` : type];
    if (!known) return [`${where}: ${schema.provider} has no ${type}, or it is not in provider-schema.json yet`];
    const given = Object.fromEntries(Object.entries(body).filter(([key]) => !META.includes(key)));
    return checkBlock(given, known, where);
  });
}

function checkBlock(body: Readonly<Record<string, unknown>>, known: Block, where: string): string[] {
  const { dynamic = {}, ...rest } = body as Record<string, unknown> & {
    dynamic?: Record<string, { content?: Record<string, unknown>[] }[]>;
  };
  const settable = [...known.required, ...known.optional];
  const problems: string[] = [];
  for (const [name, value] of Object.entries(rest)) {
    const nested = known.blocks[name];
    if (nested)
      for (const inner of [value].flat())
        problems.push(...checkBlock((inner ?? {}) as Record<string, unknown>, nested, `${where}.${name}`));
    else if (known.computed.includes(name)) problems.push(`${where}: '${name}' can only be read`);
    else if (!settable.includes(name)) problems.push(`${where}: there is no argument '${name}'`);
  }
  for (const [name, repeated] of Object.entries(dynamic)) {
    const nested = known.blocks[name];
    if (!nested) problems.push(`${where}: there is no block '${name}'`);
    else
      for (const { content = [] } of repeated)
        for (const inner of content) problems.push(...checkBlock(inner, nested, `${where}.${name}`));
  }
  const missing = known.required.filter((name) => !Object.hasOwn(rest, name));
  const mandatory = Object.entries(known.blocks).filter(([, { mandatory }]) => mandatory);
  const absent = mandatory.map(([name]) => name).filter((name) => !Object.hasOwn(rest, name) && !dynamic[name]);
  return [...problems, ...[...missing, ...absent].map((name) => `${where}: '${name}' must be given`)];
}
