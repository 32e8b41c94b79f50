import { readFileSync } from 'node:fs';

/** What a block may hold: its arguments, those of them that must be given, nested blocks, and what can only be read. */
export interface Block {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly computed: readonly string[];
  readonly blocks: Readonly<Record<string, NestedBlock>>;
}

/** A block inside another one. */
export interface NestedBlock extends Block {
  /** Whether one must be there. */
  readonly mandatory: boolean;
}

/** What the check knows of the provider: only the types that the Terraform files use. */
export interface ProviderSchema {
  /** `hashicorp/google` and the version. */
  readonly provider: string;
  /** By type; data sources as `data.google_project`. */
  readonly types: Readonly<Record<string, Block>>;
}

export const SCHEMA_FILE = new URL('provider-schema.json', import.meta.url);

/** The schema as it was extracted by `extract-schema.ts`. */
export function readProviderSchema(): ProviderSchema {
  return JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as ProviderSchema;
}
