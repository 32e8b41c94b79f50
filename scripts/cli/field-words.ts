import { stepOptions } from '../../schemas/step.ts';
import type { Command } from '../../shared/define/command.ts';

/** A field of a command in words. */
export interface FieldWords {
  readonly name: string;
  readonly required: boolean;
  /** `text`, `whole number ≥ 0`, `left | right`, `list of ctrl | shift`. */
  readonly type: string;
  readonly description: string;
}

interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly anyOf?: readonly { const?: string }[];
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly holds?: string;
}

interface FieldsSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
}

/** A command's own fields. */
export function fieldsOf({ fields }: Pick<Command, 'fields'>): FieldWords[] {
  return inWords(fields as unknown as FieldsSchema);
}

/** The fields that every step takes. */
export const commonFields = (): FieldWords[] => inWords(stepOptions as unknown as FieldsSchema);

/** Names of fields of which exactly one is to be given. */
export function alternativesOf({ fields }: Pick<Command, 'fields'>): string[] {
  return ((fields as unknown as FieldsSchema).oneOf ?? []).flatMap(({ required }) => required);
}

function inWords({ properties = {}, required = [] }: FieldsSchema): FieldWords[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    required: required.includes(name),
    type: typeWords(schema),
    description: [
      schema.description,
      ...(schema.default === undefined ? [] : [`Default: ${JSON.stringify(schema.default)}.`]),
    ]
      .filter(Boolean)
      .join(' '),
  }));
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true | false',
  object: 'mapping',
};

/** A type as people say it. That a number may come from a variable goes without saying. */
function typeWords(schema: FieldSchema): string {
  if (schema.enum) return schema.enum.join(' | ');
  const types = [schema.type ?? []].flat() as string[];
  if (schema.holds === 'steps') return 'list of steps';
  if (schema.holds === 'condition') return 'condition';
  if (types.length === 0) return 'any value';
  if (types.includes('array')) return `list of ${schema.items ? typeWords(schema.items) : 'values'}`;
  if (types.includes('object') && types.includes('string') && schema.properties?.css) return 'target';
  const own = types.length > 1 && schema.pattern ? types.filter((type) => type !== 'string') : types;
  return `${own.map((type) => words[type] ?? type).join(' | ')}${limits(schema)}`;
}

function limits({ minimum, maximum }: FieldSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum}–${maximum}`;
  if (minimum !== undefined) return ` ≥ ${minimum}`;
  return maximum === undefined ? '' : ` ≤ ${maximum}`;
}
