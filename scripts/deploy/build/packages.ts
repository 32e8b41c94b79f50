import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** Packages that stay outside of the bundles: the platform's own runtime, and what carries a browser or its driver. */
export const EXTERNAL = ['@google-cloud/functions-framework', 'playwright-core', '@sparticuz/chromium'];

/**
 * The packages, at their installed versions, that a bundle imports from outside or asks the place of. One that is not
 * installed is a choice of the package that asks for it: esbuild refuses all other imports that lead nowhere.
 */
export function dependenciesOf({ inputs, outputs }: Metafile, project: string): Record<string, string> {
  const imported = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const names = new Set(imported.map(({ path }) => packageOf(path)).filter((name) => name !== undefined));
  for (const name of names) if (!existsSync(manifestOf(project, name))) names.delete(name);
  for (const path of Object.keys(inputs).filter((path) => /^(functions|shared)\//.test(path))) {
    const source = readFileSync(join(project, path), 'utf8');
    for (const [, name = ''] of source.matchAll(/import\.meta\.resolve\(\s*'([^']+)'/g))
      names.add(packageOf(name) ?? name);
  }
  return Object.fromEntries([...names].sort().map((name) => [name, versionOf(project, name)]));
}

/** The package that a module's name is of: `@google-cloud/tasks` of `@google-cloud/tasks/build/…`. */
function packageOf(specifier: string): string | undefined {
  if (/^[./]/.test(specifier) || isBuiltin(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The exact version of an installed package. */
function versionOf(project: string, name: string): string {
  return (JSON.parse(readFileSync(manifestOf(project, name), 'utf8')) as { version: string }).version;
}

const manifestOf = (project: string, name: string): string => join(project, 'node_modules', name, 'package.json');

/** What CommonJS code inside of an ES module still reaches for. */
export const BANNER = `import { createRequire as createRequire_ } from 'node:module';
const require = createRequire_(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;
