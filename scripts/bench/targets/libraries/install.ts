import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { timeProcess } from '../../timing.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '../../../../node_modules/.cache/virtuoso/targets');

/** The component libraries that the benchmark's pages are made with. */
const packages: Readonly<Record<string, string>> = {
  '@emotion/react': '11.14.0',
  '@emotion/styled': '11.14.1',
  '@material/web': '2.5.0',
  '@mui/material': '9.5.0',
  '@shoelace-style/shoelace': '2.20.1',
  antd: '6.6.8',
  bootstrap: '5.3.9',
  react: '19.3.1',
  'react-dom': '19.3.1',
};

/** Installs the libraries, if they are not there, into a cache that no other part of the project sees. */
export async function installLibraries(): Promise<void> {
  const wanted = JSON.stringify({ private: true, dependencies: packages });
  if (Object.keys(packages).every((name) => existsSync(join(folder, 'node_modules', name, 'package.json')))) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), wanted);
  console.log('installing the component libraries …');
  await timeProcess('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts']);
}

/** A page of a library, whole, as one HTML document. */
export async function buildPage(library: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(here, `${library}.js`)],
    bundle: true,
    write: false,
    outdir: folder,
    format: 'esm',
    minify: true,
    nodePaths: [join(folder, 'node_modules')],
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.svg': 'dataurl', '.woff': 'empty', '.woff2': 'empty' },
    logLevel: 'error',
  });
  const of = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const script = of('.js').replaceAll('</script', '<\\/script');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${library}</title><style>${of('.css')}</style></head><body><script type="module">${script}</script></body></html>`;
}
