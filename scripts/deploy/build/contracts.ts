import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Contract } from '../../../schemas/contract.ts';
import { contractModule, identifier } from './validators.ts';

const CONTRACT_MODULES = /(\/schemas\/[^/]+|\/contracts)\.ts$/;
/** What contracts themselves are made of. */
const PARTS = /\/schemas\/(contract|problems|type)\.ts$/;
const NAMESPACE = 'contract';

/** A module of contracts, as it goes into the bundles. */
interface Compiled {
  readonly code: string;
  /** Code of its contracts, in modules of their own, so that a bundle has only those that it uses. */
  readonly modules: ReadonlyMap<string, string>;
  /** The module and all that it imports, from the project's folder. */
  readonly inputs: readonly string[];
}

/** Compiles the contracts of modules ahead of time; what it has compiled serves every bundle. */
export class ContractCompiler {
  readonly #project: string;
  readonly #modules = new Map<string, Promise<Compiled>>();

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
          const contents = (await this.compile(module)).modules.get(name) ?? '';
          return { contents, loader: 'js', resolveDir: this.#project };
        });
      },
    };
  }

  async #compile(path: string): Promise<Compiled> {
    const exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    const groups = new Map<string, readonly Contract[]>();
    const lines: string[] = [];
    for (const [name, value] of Object.entries(exported)) {
      const written = write(value, (group) => void groups.set(group[0]?.name ?? '', group));
      if (written === undefined) {
        throw new Error(
          `${relative(this.#project, path)} exports '${name}', which is neither a contract nor plain data: move it elsewhere`,
        );
      }
      lines.push(`export const ${name} = ${written};`);
    }
    const imports = [...groups].map(([name, group]) => {
      return `import { ${group.map((contract) => identifier(contract.name)).join(', ')} } from 'contract:${name}';`;
    });
    const modules = new Map([...groups].map(([name, group]) => [name, contractModule(group)]));
    return { code: [...imports, ...lines].join('\n'), modules, inputs: await this.#inputsOf(path) };
  }

  async #inputsOf(path: string): Promise<string[]> {
    const { metafile } = await build({
      ...{ entryPoints: [path], absWorkingDir: this.#project, outdir: this.#project },
      ...{ bundle: true, write: false, metafile: true, packages: 'external', format: 'esm', logLevel: 'silent' },
    });
    return Object.keys(metafile.inputs);
  }
}

/** An expression of the value; `add` is told of its contracts. Undefined when it cannot be written down. */
function write(value: unknown, add: (group: readonly Contract[]) => void): string | undefined {
  if (isContract(value)) {
    add([value]);
    return identifier(value.name);
  }
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const together = fields.map(([, field]) => field).filter(isContract);
  // Contracts of one record are used together, so they are compiled together.
  if (together.length > 0) add(together);
  const written = fields.map(([name, field]) => {
    return [name, isContract(field) ? identifier(field.name) : write(field, add)] as const;
  });
  if (written.some(([, field]) => field === undefined)) return undefined;
  if (Array.isArray(value)) return `[${written.map(([, field]) => field).join(', ')}]`;
  return `{ ${written.map(([name, field]) => `${JSON.stringify(name)}: ${field}`).join(', ')} }`;
}

function isContract(value: unknown): value is Contract {
  const { name, schema, accepts, problems } = (value ?? {}) as Partial<Record<keyof Contract, unknown>>;
  return typeof name === 'string' && !!schema && typeof accepts === 'function' && typeof problems === 'function';
}
