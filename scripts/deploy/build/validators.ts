import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import formats from 'ajv-formats';
import { ajvOptions, type Contract } from '../../../schemas/contract.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Shorter ones are not worth a function of their own. */
const SHORTEST_SHARED = 60;

/**
 * A module that exports contracts under their `identifier`s: the interface of `schemas/contract.ts`, over validators that
 * ajv has written down. Fields that several of them have alike are checked by one function. A function's start pays for
 * none of it: validators and schemas are made when the first of them is asked for.
 */
export function contractModule(contracts: readonly Contract[]): string {
  const schemas = contracts.map(({ schema }) => JSON.parse(JSON.stringify(schema)) as Schema);
  const validateOf = (name: string) => `validate_${identifier(name)}`;
  return [
    `import { toProblems } from './schemas/problems.ts';`,
    `let made;`,
    `function make() {`,
    validators(contracts, schemas),
    `return { ${contracts.map(({ name }) => validateOf(name)).join(', ')} };`,
    `}`,
    `const validators = () => (made ??= make());`,
    ...contracts.map(({ name }, index) => {
      const own = identifier(name);
      return `let schema_${own};
export const ${own} = {
  name: ${JSON.stringify(name)},
  get schema() { return (schema_${own} ??= JSON.parse(${JSON.stringify(JSON.stringify(schemas[index]))})); },
  accepts: (value) => validators().${validateOf(name)}(value),
  problems(value) {
    const validate = validators().${validateOf(name)};
    return validate(value) ? [] : toProblems(validate.errors ?? [], ${own}.schema);
  },
};`;
    }),
  ].join('\n');
}

/** What a contract is called in generated code. */
export function identifier(name: string): string {
  return `contract_${name.replace(/\W/g, '_')}`;
}

/** Code of the functions `validate_…`. */
function validators(contracts: readonly Contract[], schemas: readonly Schema[]): string {
  // The schemas themselves are checked where contracts are made at run time: in the tests.
  const checks = { meta: false, validateSchema: false, inlineRefs: false } as const;
  const ajv = new Ajv({ ...ajvOptions, ...checks, code: { source: true, esm: true } });
  (formats as unknown as (ajv: Ajv) => void)(ajv);
  const shared = sharedFields(schemas);
  for (const [text, id] of shared) ajv.addSchema(JSON.parse(text) as object, id);
  const exported = contracts.map(({ name }, index) => {
    ajv.addSchema(withReferences(schemas[index] ?? {}, shared), name);
    return [`validate_${identifier(name)}`, name] as const;
  });
  const write = standaloneCode as unknown as (ajv: Ajv, exported: Record<string, string>) => string;
  return write(ajv, Object.fromEntries(exported))
    .replace(/^"use strict";/, '')
    .replaceAll(/export const (validate_)/g, 'const $1');
}

/** Schemas of fields that stand in more than one of the schemas, as text, with an id for each. */
function sharedFields(schemas: readonly Schema[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { properties = {} } of schemas) {
    for (const field of Object.values(properties as Schema)) {
      const text = JSON.stringify(field);
      if (text.length >= SHORTEST_SHARED) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  const repeated = [...counts].filter(([, count]) => count > 1);
  return new Map(repeated.map(([text], index) => [text, `shared-field-${index}`]));
}

function withReferences(schema: Schema, shared: ReadonlyMap<string, string>): Schema {
  if (!schema.properties) return schema;
  const fields = Object.entries(schema.properties as Schema).map(([name, field]) => {
    const id = shared.get(JSON.stringify(field));
    return [name, id === undefined ? field : { $ref: id }];
  });
  return { ...schema, properties: Object.fromEntries(fields) };
}
