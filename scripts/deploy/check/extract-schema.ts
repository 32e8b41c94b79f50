import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, NestedBlock, ProviderSchema } from './provider-schema.ts';
import { SCHEMA_FILE } from './provider-schema.ts';
import { readTerraform } from './read-terraform.ts';

// Writes provider-schema.json: the types that the Terraform files use, as the provider's published bindings describe them.
//   npm pack @cdktf/provider-google@16.12.1 && tar xzf cdktf-provider-google-16.12.1.tgz
//   node scripts/deploy/check/extract-schema.ts package
// The bindings are generated from the provider's own schema; they are too heavy to be a dependency.

/** A binding: its code, and its types. */
interface Binding {
  readonly classes: ReadonlyMap<string, string>;
  /** Functions that write a block, by their names without the suffix. */
  readonly writers: ReadonlyMap<string, string>;
  /** Interfaces of configuration, by their names. */
  readonly interfaces: ReadonlyMap<string, string>;
}

interface Argument {
  readonly name: string;
  readonly isBlock: boolean;
  readonly required: boolean;
  /** The function that writes a nested block, without its suffix. */
  readonly nested: string | undefined;
}

/** Describes one type by the code and the types of its binding. */
export function extractType(code: string, types: string): Block {
  const binding: Binding = {
    classes: new Map(
      code
        .split(/^class /m)
        .slice(1)
        .map((text) => [text.slice(0, text.indexOf(' ')), text]),
    ),
    writers: named(code, /^function (\w+)ToHclTerraform\(struct\) \{([\s\S]*?)^\}/gm),
    interfaces: named(types, /^export interface (\w+)[^{]*\{([\s\S]*?)^\}/gm),
  };
  const [name = '', own = ''] =
    [...binding.classes].find(([, text]) => /extends cdktf\.Terraform(Resource|DataSource)/.test(text)) ?? [];
  const writer = own.slice(own.indexOf('synthesizeHclAttributes'));
  return blockOf(binding, { writer, reader: own, config: `${name}Config` });
}

function blockOf(binding: Binding, part: { writer: string; reader: string; config: string }): Block {
  const written = argumentsOf(part.writer, binding.interfaces.get(part.config) ?? '');
  const blocks: Record<string, NestedBlock> = {};
  for (const { name, nested = '', required } of written.filter(({ isBlock }) => isBlock)) {
    const type = `${nested.charAt(0).toUpperCase()}${nested.slice(1)}`;
    const inner = {
      writer: binding.writers.get(nested) ?? '',
      reader: binding.classes.get(`${type}OutputReference`) ?? '',
      config: type,
    };
    blocks[name] = { mandatory: required, ...blockOf(binding, inner) };
  }
  const plain = written.filter(({ isBlock }) => !isBlock);
  const namesOf = (list: readonly Argument[]) => list.map(({ name }) => name);
  return {
    required: namesOf(plain.filter(({ required }) => required)),
    optional: namesOf(plain.filter(({ required }) => !required)),
    computed: [...part.reader.matchAll(/\/\/ (\w+) - computed: true, optional: false/g)].map(([, name = '']) => name),
    blocks,
  };
}

function argumentsOf(writer: string, config: string): Argument[] {
  const entries = writer.matchAll(/^\s+(\w+): \{\s+value: ([^\n]*),\n\s+isBlock: (true|false)/gm);
  return [...entries].map(([, name = '', value = '', isBlock]) => ({
    name,
    isBlock: isBlock === 'true',
    required: new RegExp(`^\\s*readonly ${/(?:struct\.|this\._)(\w+)/.exec(value)?.[1]}:`, 'm').test(config),
    nested: /(\w+)ToHclTerraform/.exec(value.replaceAll(/cdktf\.\w+ToHclTerraform/g, ''))?.[1],
  }));
}

function named(text: string, pattern: RegExp): Map<string, string> {
  return new Map([...text.matchAll(pattern)].map(([, name = '', body = '']) => [name, body]));
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('name the folder of the unpacked package @cdktf/provider-google');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    cdktf: { provider: { version: string } };
  };
  const { blocks } = await readTerraform();
  const used = blocks.flatMap(({ kind, type }) => (kind === 'data' ? `data.${type}` : kind === 'resource' ? type : []));
  const types = [...new Set(used)].sort().map((type) => {
    const binding = type
      .replace('data.', 'data_')
      .replace(/^google_/, '')
      .replaceAll('_', '-');
    const text = (file: string) => readFileSync(join(folder, 'lib', binding, file), 'utf8');
    return [type, extractType(text('index.js'), text('index.d.ts'))] as const;
  });
  const schema: ProviderSchema = {
    provider: `hashicorp/google ${manifest.cdktf.provider.version}`,
    types: Object.fromEntries(types),
  };
  writeFileSync(SCHEMA_FILE, `${JSON.stringify(schema)}\n`);
}
