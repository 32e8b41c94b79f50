import { readFile, writeFile } from 'node:fs/promises';
import { functions } from '../../functions/index.ts';
import { sections } from './readme/sections.ts';

const readme = new URL('../../README.md', import.meta.url);
const packageJson = new URL('../../package.json', import.meta.url);

/** Fills the generated parts of the README: what stands between `<!-- name -->` and `<!-- /name -->`. */
export function fill(text: string, parts: Record<string, string>): string {
  return Object.entries(parts).reduce((filled, [name, part]) => {
    const marked = new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`);
    if (!marked.test(filled))
      throw new Error(`README.md has no place for '${name}': add <!-- ${name} --><!-- /${name} -->`);
    return filled.replace(marked, () => `<!-- ${name} -->\n\n${part}\n\n<!-- /${name} -->`);
  }, text);
}

if (import.meta.main) {
  const text = await readFile(readme, 'utf8');
  const filled = fill(text, sections(functions, JSON.parse(await readFile(packageJson, 'utf8'))));
  if (filled !== text && process.argv.includes('--check')) {
    console.error('README.md is not what the declarations say: run `npm run fix`.');
    process.exitCode = 1;
  } else await writeFile(readme, filled);
}
