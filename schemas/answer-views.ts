import type { TSchema } from 'typebox';
import { Type } from './type.ts';

/** What an answer's body is: a JSON Schema, or a media type for what is no JSON of ours. */
export type AnswerBody = { readonly schema: TSchema } | { readonly contentTypes: readonly string[] };

type Json = Readonly<Record<string, unknown>>;
export const strict = { additionalProperties: false } as const;
export const time = Type.String({ format: 'date-time' });

/**
 * An entity as HTTP bodies carry it: what `camelize` makes of the stored one.
 * @param options.without stored fields that are not shown
 * @param options.asStored fields whose content keeps its own names
 */
export function viewOf(
  entity: { readonly schema: TSchema },
  options: { without?: readonly string[]; asStored?: readonly string[]; more?: Record<string, TSchema> } = {},
): TSchema {
  const { without = [], asStored = [], more = {} } = options;
  const { properties, required = [] } = entity.schema as unknown as { properties: Json; required?: string[] };
  const kept = Object.entries(properties).filter(([name]) => !without.includes(name));
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(
        kept.map(([name, field]) => [camel(name), asStored.includes(name) ? field : shown(name, field as Json)]),
      ),
      ...more,
    },
    required: required.filter((name) => !without.includes(name)).map(camel),
    additionalProperties: false,
  } as unknown as TSchema;
}

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
/** Stored times are Dates, which JSON carries as text. */
const isTime = (name: string): boolean => name === 'at' || name.endsWith('_at') || name === 'failing_since';

function shown(name: string, field: Json): unknown {
  if (isTime(name)) return 'anyOf' in field ? Type.Union([time, Type.Null()]) : time;
  if (field.type === 'array' && field.items) return { ...field, items: shown('', field.items as Json) };
  if (field.type !== 'object' || !field.properties) return field;
  const entries = Object.entries(field.properties as Json).map(([inner, value]) => [
    camel(inner),
    shown(inner, value as Json),
  ]);
  return {
    ...field,
    properties: Object.fromEntries(entries),
    ...(field.required ? { required: (field.required as string[]).map(camel) } : {}),
  };
}

/** A page of a list. */
export const listOf = (items: TSchema): AnswerBody => ({
  schema: Type.Object({ items: Type.Array(items), nextPageToken: Type.Optional(Type.String()) }, strict),
});
export const body = (schema: TSchema): AnswerBody => ({ schema });

/** A view with one field more. */
export const withField = (schema: TSchema, name: string, field: TSchema): TSchema => {
  const { properties, required } = schema as unknown as { properties: Json; required: string[] };
  return {
    ...schema,
    properties: { ...properties, [name]: field },
    required: [...required, name],
  } as unknown as TSchema;
};
