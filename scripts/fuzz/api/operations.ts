import { functions } from '../../../functions/index.ts';
import { openapiDocument } from '../../deploy/openapi/document.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** A parameter as OpenAPI describes it. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

/** What the API's description says of the requests of one operation. */
export interface Operation {
  /** In capitals. */
  readonly method: string;
  /** `/v1/runs/{id}` */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Schemas of the body, by media type; empty where none is taken. */
  readonly bodies: Readonly<Record<string, Schema>>;
  /** Statuses that it may answer. */
  readonly statuses: readonly number[];
}

interface Described {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

/** The operations of the API, in the order of its description. */
export function operationsOf(document: object = openapiDocument(functions)): Operation[] {
  const { paths } = document as { readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters, requestBody, responses }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      bodies: Object.fromEntries(
        Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => [type, schema]),
      ),
      statuses: Object.keys(responses).map(Number),
    })),
  );
}
