import type { Metafile } from 'esbuild';

const AJV = /node_modules\/(ajv\/dist\/(?!runtime\/)|ajv-formats\/dist\/(index|limit)\.js)/;
const TYPEBOX = /node_modules\/typebox\//;

/**
 * Refuses a bundle that carries what contracts are compiled with.
 * @throws Error that says which import brings it in.
 */
export function refuseBuildTools(name: string, { inputs }: Metafile): void {
  const found = Object.keys(inputs).find((path) => AJV.test(path) || TYPEBOX.test(path));
  if (!found) return;
  const tool = AJV.test(found) ? 'ajv' : 'typebox';
  throw new Error(
    `the bundle of ${name} would carry ${tool}, by ${chainTo(found, inputs).join(' -> ')}: import contracts as values from schemas/ or a contracts.ts only, and the rest as types`,
  );
}

/** The project's own modules by which an input is reached, and the input. */
function chainTo(input: string, inputs: Metafile['inputs']): string[] {
  const chain = [input];
  const seen = new Set(chain);
  for (let at: string | undefined = input; at !== undefined; ) {
    const target: string = at;
    at = Object.keys(inputs).find(
      (path) => !seen.has(path) && inputs[path]?.imports.some((imported) => imported.path === target),
    );
    if (at === undefined) break;
    seen.add(at);
    chain.unshift(at);
  }
  return chain.filter((path) => path === input || !path.includes('node_modules/'));
}
