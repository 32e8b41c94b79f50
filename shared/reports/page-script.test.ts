import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { pageScript } from './page-script.ts';

/** Stands for everything of a page: any property is one again, any call gives one, any list is empty. */
const anything: unknown = new Proxy(() => undefined, {
  get: (_, key) => (key === Symbol.iterator ? [][Symbol.iterator] : key === Symbol.toPrimitive ? () => '' : anything),
  set: () => true,
  apply: () => anything,
});

function run(script: string): void {
  const names = ['document', 'matchMedia', 'localStorage', 'addEventListener'];
  const page = Object.fromEntries(names.map((name) => [name, anything]));
  runInNewContext(script, { ...page, location: { hash: '' } });
}

describe('pageScript', () => {
  it('uses nothing but the page', () => run(pageScript));

  for (const options of [{ minify: true }, { keepNames: true }, { minify: true, keepNames: true }])
    it(`uses nothing but the page when bundled with ${Object.keys(options).join(' and ')}`, async () => {
      const { outputFiles } = await build({
        entryPoints: [join(import.meta.dirname, 'page-script.ts')],
        ...{ bundle: true, write: false, format: 'esm', platform: 'node', target: 'node24', ...options },
      });
      const source = outputFiles?.[0]?.contents ?? new Uint8Array();
      const bundled = (await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)) as {
        pageScript: string;
      };
      run(bundled.pageScript);
    });

  it('cannot end the element that it stands in', () => assert.doesNotMatch(pageScript, /<\//));
});
