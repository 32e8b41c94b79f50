import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const MODULE = /\/shared\/test-files\/reader-version\.ts$/;
/** What makes definitions of test files; with all that it imports, it is the reader. */
const READER = 'shared/domain/storable-test.ts';

/**
 * Puts the digest of the reader's sources behind its version: a deployment between two releases, too, reads files again
 * that another reader has read.
 * @param inputs is told of every source that the digest was made of.
 */
export const readerVersion = (project: string, inputs: Set<string>): Plugin => ({
  name: 'reader-version',
  setup(bundle) {
    bundle.onLoad({ filter: MODULE }, async ({ path }) => {
      const sources = await sourcesOf(project);
      const hash = createHash('sha256');
      for (const source of sources) {
        inputs.add(source);
        hash.update(source).update(readFileSync(join(project, source)));
      }
      const digest = JSON.stringify(`+${hash.digest('hex').slice(0, 12)}`);
      const contents = readFileSync(path, 'utf8').replace(/= version;/, `= version + ${digest};`);
      if (!contents.includes(digest)) throw new Error(`${path} has no place for the digest of the reader's sources`);
      return { contents, loader: 'ts' };
    });
  },
});

/** The reader's sources, packages among them, from the project's folder. */
async function sourcesOf(project: string): Promise<string[]> {
  const { metafile } = await build({
    ...{ entryPoints: [READER], absWorkingDir: project, outdir: project, platform: 'node' },
    ...{ bundle: true, write: false, metafile: true, format: 'esm', logLevel: 'silent' },
  });
  return Object.keys(metafile.inputs).sort();
}
