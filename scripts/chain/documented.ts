import assert from 'node:assert/strict';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { functions } from '../../functions/index.ts';
import { openapiDocument } from '../deploy/openapi/document.ts';
import type { Answer } from './api.ts';

interface Media {
  readonly schema?: object;
}
interface Response {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Parameter {
  readonly name: string;
  readonly schema: { readonly pattern?: string };
}
interface Operation {
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, Response>>;
}
type Operations = Readonly<Record<string, Operation>>;
interface Document {
  readonly paths: Readonly<Record<string, Operations>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

/** Fails when an answer is not one that the API's description says there is: another status, type or body. */
export function assertDocumented(method: string, path: string, { status, headers, body }: Answer): void {
  const known = description();
  const operation = known.operationOf(method, path);
  if (!operation) {
    assert.ok([404, 405].includes(status), `${method} ${path} answers ${status}, but is not described`);
    return;
  }
  const declared = operation.responses[String(status)];
  assert.ok(declared, `${method} ${path}: the status ${status} is not described`);
  const { content = {} } = known.resolve(declared);
  const type = headers.get('content-type');
  if (Object.keys(content).length === 0 || status === 304) return;
  const media = content[type ?? ''];
  assert.ok(media, `${method} ${path}: ${status} has the type ${type}, and not ${Object.keys(content).join(' or ')}`);
  if (!media.schema) return;
  const validate = known.validatorOf(media.schema);
  assert.ok(
    validate(body),
    `${method} ${path}: ${status} is not as described: ${JSON.stringify(validate.errors?.slice(0, 3))} in ${JSON.stringify(body).slice(0, 500)}`,
  );
}

let cached: ReturnType<typeof readDescription> | undefined;
function description() {
  cached ??= readDescription(openapiDocument(functions) as unknown as Document);
  return cached;
}

function readDescription(document: Document) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  (formats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addSchema({ $id: 'api', ...document });
  const paths = Object.entries(document.paths)
    .map(([path, operations]) => ({ pattern: patternOf(path, operations), operations, rank: path.replace(/\{/g, '~') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const validators = new Map<object, ValidateFunction>();
  return {
    operationOf: (method: string, asked: string) => {
      const [path = ''] = asked.split('?');
      const matching = paths.filter(({ pattern }) => pattern.test(path));
      return matching.map(({ operations }) => operations[method.toLowerCase()]).find(Boolean);
    },
    resolve: (response: Response): Response =>
      response.$ref ? (document.components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {}) : response,
    validatorOf(schema: object): ValidateFunction {
      const found =
        validators.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')));
      validators.set(schema, found);
      return found;
    },
  };
}

function patternOf(path: string, operations: Operations): RegExp {
  const parameters = Object.values(operations).flatMap((operation) => operation.parameters);
  const whole = path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, (_, name: string) => {
    const { pattern = '[^/]+' } = parameters.find((parameter) => parameter.name === name)?.schema ?? {};
    return `(?:${pattern.replace(/^\^|\$$/g, '')})`;
  });
  return new RegExp(`^${whole}$`);
}
