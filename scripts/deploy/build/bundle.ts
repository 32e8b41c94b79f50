import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { AnyFunction } from '../../../shared/define/function.ts';
import { type Clients, clientsPlugin } from './clients.ts';
import type { ContractCompiler } from './contracts.ts';
import { refuseBuildTools } from './guard.ts';
import { BANNER, dependenciesOf, EXTERNAL } from './packages.ts';
import { readerVersion } from './reader-version.ts';

export interface BundleOptions {
  readonly name: string;
  /** Folder that the bundle goes to: exists, and is empty. */
  readonly folder: string;
  readonly project: string;
  readonly minify: boolean;
  readonly contracts: ContractCompiler;
  readonly clients: Clients;
  /** Source of what is run, seen from the project's folder; the declared function of this name, served, when absent. */
  readonly entry?: string;
}

/** Bundles one function into its folder. Returns the sources it was made of, from the project's folder. */
export async function bundleFunction({
  name,
  folder,
  project,
  minify,
  contracts,
  clients,
  entry,
}: BundleOptions): Promise<Set<string>> {
  const inputs = new Set<string>();
  const { metafile } = await build({
    stdin: {
      contents: entry ?? (await servedFunction(name, project)),
      resolveDir: project,
      sourcefile: `${name}.ts`,
      loader: 'ts',
    },
    absWorkingDir: project,
    outdir: folder,
    entryNames: 'index',
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24', minify, keepNames: false },
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: BANNER },
    external: EXTERNAL,
    plugins: [contracts.plugin(inputs), clientsPlugin, readerVersion(project, inputs)],
    metafile: true,
    logLevel: 'silent',
  });
  for (const input of Object.keys(metafile.inputs)) if (!isVirtual(input, name)) inputs.add(input);
  refuseBuildTools(name, metafile);
  await clients.install(folder, metafile);
  const manifest = { name, private: true, type: 'module', main: 'index.mjs' };
  const dependencies = dependenciesOf(metafile, project);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, dependencies }, undefined, 2)}\n`);
  return inputs;
}

async function servedFunction(name: string, project: string): Promise<string> {
  return `import { ${await findExport(name, project)} as declaration } from './functions/${name}/index.ts';
import { serve } from './shared/runtime/serve.ts';
serve(declaration);`;
}

/** The name under which the function's module exports its declaration. */
async function findExport(name: string, project: string): Promise<string> {
  const path = join(project, 'functions', name, 'index.ts');
  const exported = (await import(pathToFileURL(path).href)) as Record<string, Partial<AnyFunction> | undefined>;
  const found = Object.keys(exported).find((key) => exported[key]?.kind === 'function' && exported[key]?.name === name);
  if (!found) throw new Error(`functions/${name}/index.ts exports no function that is named '${name}'`);
  return found;
}

/** Whether an input is made by the build itself: an entry, or a compiled contract. */
function isVirtual(input: string, name: string): boolean {
  return input.startsWith('contract:') || input === `${name}.ts`;
}
