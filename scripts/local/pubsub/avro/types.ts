/** Types without parts. */
export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
type Primitive = (typeof PRIMITIVES)[number];

export interface Field {
  readonly name: string;
  readonly type: Avro;
}

/** A type of Avro. Records may hold themselves. Logical types are what they are written as. */
export type Avro =
  | { readonly kind: Primitive }
  | { readonly kind: 'record'; readonly name: string; fields: readonly Field[] }
  | { readonly kind: 'enum'; readonly name: string; readonly symbols: readonly string[] }
  | { readonly kind: 'fixed'; readonly name: string; readonly size: number }
  | { readonly kind: 'array'; readonly items: Avro }
  | { readonly kind: 'map'; readonly values: Avro }
  | { readonly kind: 'union'; readonly branches: readonly Avro[] };

/** What a union calls its branch: the kind, or the full name of a named type. */
export function branchName(type: Avro): string {
  return 'name' in type ? type.name : type.kind;
}
