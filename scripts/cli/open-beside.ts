import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { LARGEST_FILE } from '../../shared/test-files/decode.ts';
import type { Open } from '../../shared/test-files/take-in.ts';
import type { CollectedFile } from './collect-files.ts';

/**
 * Opens the files that a test file takes in, by their names from the same place as its own. They lie in the folder that
 * was named on the command line; a link that leads out of it is no way either.
 * @param texts keeps what was read, by name: for the excerpts of diagnostics.
 */
export function openBeside({ path, name, root }: CollectedFile, texts: Map<string, string>): Open {
  const start = path.slice(0, path.length - name.length);
  const outside = {
    problem: 'the file lies outside of the folder that was named',
    hint: `Move it below ${root}, or name the folder that holds both.`,
  };
  return (wanted) => {
    const file = join(start, wanted);
    if (!isBelow(file, root)) return outside;
    try {
      const real = realpathSync(file);
      if (!isBelow(real, realpathSync(root))) return outside;
      if (statSync(real).size > LARGEST_FILE)
        return { problem: `'${wanted}' is larger than 10 MiB`, hint: 'Split it into several files.' };
      const source = readFileSync(real);
      texts.set(wanted, source.toString('utf8'));
      return { source };
    } catch (error) {
      const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const problem = gone ? `there is no '${wanted}'` : `'${wanted}' cannot be read: ${(error as Error).message}`;
      return { problem, hint: 'Write its path from the file that names it.' };
    }
  };
}

const isBelow = (file: string, folder: string): boolean =>
  file.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
