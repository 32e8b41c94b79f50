import type { ProviderSchema } from '../check/provider-schema.ts';
import type { TerraformBlock } from '../check/read-terraform.ts';
import { endOfIndex, partsOf } from './interpolations.ts';

/**
 * The same Terraform files without a provider, so that Terraform can evaluate every expression of them without a network
 * and without a project: each resource and data source is a `terraform_data` of its arguments, with its dynamic blocks
 * as lists. What a provider would only know later is unknown here, too.
 * @returns a file of HCL; the variables stay in a file of their own
 * @throws Error for a type that the schema does not know
 */
export function evaluable(blocks: readonly TerraformBlock[], schema: ProviderSchema): string {
  const write = writer(blocks);
  const texts = blocks.map(({ kind, type, name, body }) => {
    if (kind === 'locals') return `locals ${write(body)}`;
    if (kind === 'output') return `output "${name}" {\nvalue = ${write(body.value)}\nsensitive = true\n}`;
    if (kind !== 'resource' && kind !== 'data') return '';
    const { for_each, count, depends_on: _order, lifecycle: _life, ...given } = body;
    return [
      `resource "terraform_data" "${kind === 'data' ? 'data_' : ''}${type}__${name}" {`,
      ...(for_each === undefined ? [] : [`for_each = ${write(for_each)}`]),
      ...(count === undefined ? [] : [`count = ${write(count)}`]),
      `input = merge(${unknowns(kind === 'data' ? `data.${type}` : type, schema)}, ${write(given)})`,
      '}',
    ].join('\n');
  });
  return `resource "terraform_data" "unknown" {}\n\n${texts.filter(Boolean).join('\n\n')}\n`;
}

/** What a provider would say of a resource that is made. */
function unknowns(type: string, schema: ProviderSchema): string {
  const known = schema.types[type];
  if (!known) throw new Error(`the provider's schema has no ${type}`);
  const unknown = 'terraform_data.unknown.id';
  const names = [...new Set(['id', ...known.computed, ...known.optional])].map((name) => `${name} = ${unknown}`);
  // Blocks that are read though nobody writes them.
  if (type === 'google_eventarc_trigger') names.push(`transport = [{ pubsub = [{ subscription = ${unknown} }] }]`);
  return `{ ${names.join(', ')} }`;
}

type Write = (value: unknown) => string;
interface Dynamic {
  readonly for_each: unknown;
  readonly content?: readonly unknown[];
}

/** Writes values as expressions of HCL. Inside of dynamic blocks their iterators have names of their own. */
function writer(blocks: readonly TerraformBlock[], iterators: readonly string[] = []): Write {
  const rename = referencesOf(blocks);
  const codeOf = (code: string): string =>
    iterators.reduce(
      (changed, name) => changed.replaceAll(new RegExp(`(?<![\\w.])${name}\\.(key|value)\\b`, 'g'), `${name}__$1`),
      rename(code),
    );
  const textOf = (text: string): string => {
    const parts = partsOf(text);
    const [only] = parts;
    if (parts.length === 1 && only && 'code' in only) return `(${codeOf(only.code)})`;
    const quoted = parts.map((part) =>
      'code' in part ? `\${${codeOf(part.code)}}` : JSON.stringify(part.literal).slice(1, -1),
    );
    return `"${quoted.join('')}"`;
  };
  const dynamicOf = ([name, all]: [string, readonly Dynamic[]]): string => {
    const inner = writer(blocks, [...iterators, name]);
    const lists = all.map(
      ({ for_each, content = [] }) =>
        `[for ${name}__key, ${name}__value in ${write(for_each)} : ${inner(content[0] ?? {})}]`,
    );
    return `${name} = concat(${lists.join(', ')})`;
  };
  const keyOf = (key: string): string => (/^[A-Za-z_][\w-]*$/.test(key) ? key : textOf(key));
  const write: Write = (value) => {
    if (typeof value === 'string') return textOf(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
    const entries = Object.entries(value).flatMap(([key, inner]) =>
      key === 'dynamic'
        ? Object.entries(inner as Record<string, readonly Dynamic[]>).map(dynamicOf)
        : [`${keyOf(key)} = ${write(inner)}`],
    );
    return `{\n${entries.join('\n')}\n}`;
  };
  return write;
}

/** Names resources in code as they are called here. One that there are several of, named without an index, is all of them. */
function referencesOf(blocks: readonly TerraformBlock[]): (code: string) => string {
  const several = new Map<string, 'map' | 'list'>(
    blocks.flatMap(({ kind, type, name, body: { for_each, count } }) => {
      const repeated = count === undefined ? (for_each === undefined ? undefined : 'map') : 'list';
      return kind === 'resource' && repeated ? [[`${type}__${name}`, repeated] as const] : [];
    }),
  );
  const rename = (code: string): string => {
    let renamed = '';
    let last = 0;
    for (const found of code.matchAll(/(?<![\w.])(data\.)?(google_[a-z0-9_]+)\.([a-z0-9_]+)/g)) {
      if (found.index < last) continue;
      const [whole, data = '', type = '', name = ''] = found;
      const at = found.index + whole.length;
      const end = code[at] === '[' ? endOfIndex(code, at) : at;
      renamed += code.slice(last, found.index) + named(`${data ? 'data_' : ''}${type}__${name}`, code.slice(at, end));
      last = end;
    }
    return renamed + code.slice(last);
  };
  const named = (name: string, index: string): string => {
    const all = several.get(name);
    if (all === undefined || !['', '[*]'].includes(index)) return `terraform_data.${name}${rename(index)}.output`;
    const list = `[for one in terraform_data.${name} : one.output]${index}`;
    return all === 'list' || index === '[*]' ? list : `{ for key, one in terraform_data.${name} : key => one.output }`;
  };
  return rename;
}
