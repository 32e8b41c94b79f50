import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import formats from 'ajv-formats';
import { build, type Plugin } from 'esbuild';
import { ajvOptions, type Contract } from '../../../schemas/contract.ts';

const CONTRACT_MODULES = /(\/schemas\/[^/]+|\/contracts)\.ts$/;
/** What contracts themselves are made of. */
const PARTS = /\/schemas\/(contract|problems)\.ts$/;
const NAMESPACE = 'contract';

/** A module of contracts, as it goes into the bundles. */
interface Compiled {
  readonly code: string;
  /** Code of its contracts, by name: modules of their own, so that a bundle has only those that it uses. */
  readonly contracts: ReadonlyMap<string, string>;
  /** The module and all that it imports, from the project's folder. */
  readonly inputs: readonly string[];
}

/** Compiles the contracts of modules ahead of time; what it has compiled serves every bundle. */
export class ContractCompiler {
  readonly #project: string;
  readonly #modules = new Map<string, Promise<Compiled>>();
  readonly #ajv = newAjv();

  constructor(project: string) {
    this.#project = project;
  }

  /** @throws Error when the module exports something that is neither a contract nor plain data. */
  compile(path: string): Promise<Compiled> {
    let compiled = this.#modules.get(path);
    if (!compiled) {
      compiled = this.#compile(path);
      this.#modules.set(path, compiled);
    }
    return compiled;
  }

  /** @param inputs is told of every source that the contracts were made of. */
  plugin(inputs: Set<string>): Plugin {
    return {
      name: 'contracts',
      setup: (build) => {
        build.onLoad({ filter: CONTRACT_MODULES }, async ({ path }) => {
          if (PARTS.test(path)) return undefined;
          const compiled = await this.compile(path);
          for (const input of compiled.inputs) inputs.add(input);
          return { contents: compiled.code, loader: 'js' };
        });
        build.onResolve({ filter: /^contract:/ }, ({ path, importer }) => ({
          path: `${importer}#${path.slice('contract:'.length)}`,
          namespace: NAMESPACE,
          sideEffects: false,
        }));
        build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => {
          const [module = '', name = ''] = path.split('#');
          const contents = (await this.compile(module)).contracts.get(name) ?? '';
          return { contents, loader: 'js', resolveDir: this.#project };
        });
      },
    };
  }

  async #compile(path: string): Promise<Compiled> {
    const exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    const contracts = new Map<string, string>();
    const add = (contract: Contract) => void contracts.set(contract.name, contractModule(this.#ajv, contract));
    const lines: string[] = [];
    for (const [name, value] of Object.entries(exported)) {
      const written = write(value, add);
      if (written === undefined) {
        throw new Error(
          `${relative(this.#project, path)} exports '${name}', which is neither a contract nor plain data: move it elsewhere`,
        );
      }
      lines.push(`export const ${name} = ${written};`);
    }
    const imports = [...contracts.keys()].map((name) => `import ${identifier(name)} from 'contract:${name}';`);
    return { code: [...imports, ...lines].join('\n'), contracts, inputs: await this.#inputsOf(path) };
  }

  async #inputsOf(path: string): Promise<string[]> {
    const { metafile } = await build({
      ...{ entryPoints: [path], absWorkingDir: this.#project, outdir: this.#project },
      ...{ bundle: true, write: false, metafile: true, packages: 'external', format: 'esm', logLevel: 'silent' },
    });
    return Object.keys(metafile.inputs);
  }
}

/** An expression of the value; its contracts are told to `add`. Undefined when it cannot be written down. */
function write(value: unknown, add: (contract: Contract) => void): string | undefined {
  if (isContract(value)) {
    add(value);
    return identifier(value.name);
  }
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => write(item, add));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const written = fields.map(([name, field]) => [JSON.stringify(name), write(field, add)] as const);
  if (written.some(([, field]) => field === undefined)) return undefined;
  return `{ ${written.map(([name, field]) => `${name}: ${field}`).join(', ')} }`;
}

function isContract(value: unknown): value is Contract {
  const { name, schema, accepts, problems } = (value ?? {}) as Partial<Record<keyof Contract, unknown>>;
  return typeof name === 'string' && !!schema && typeof accepts === 'function' && typeof problems === 'function';
}

/** The interface of `schemas/contract.ts`, over a validator that ajv has written down. */
function contractModule(ajv: Ajv, { name, schema }: Contract): string {
  const plain = JSON.parse(JSON.stringify(schema)) as object;
  const validator = (standaloneCode as unknown as (ajv: Ajv, validate: unknown) => string)(ajv, ajv.compile(plain));
  return `
import { toProblems } from './schemas/problems.ts';
${validator.replace(/^"use strict";/, '').replace(/export const validate = (\w+);export default \w+;/, 'const validator = $1;')}
const schema = ${JSON.stringify(plain)};
export default {
  name: ${JSON.stringify(name)},
  schema,
  accepts: (value) => validator(value),
  problems: (value) => (validator(value) ? [] : toProblems(validator.errors ?? [], schema)),
};`;
}

function identifier(name: string): string {
  return `contract_${name.replace(/\W/g, '_')}`;
}

/** The schemas themselves are checked where contracts are made at run time: in the tests. */
function newAjv(): Ajv {
  const ajv = new Ajv({ ...ajvOptions, meta: false, validateSchema: false, code: { source: true, esm: true } });
  (formats as unknown as (ajv: Ajv) => void)(ajv);
  return ajv;
}
