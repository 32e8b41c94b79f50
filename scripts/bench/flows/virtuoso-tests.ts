import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the flows as test files of the suite, one a file. */
export async function writeTests(folder: string, flows: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < flows; n++) {
    const test = [
      `test: Flow ${n}`,
      'do:',
      `  - nav: /?n=${n}`,
      `  - t: { '#name': Ada ${n} }`,
      "  - c: '#go'",
      `  - eq: { '#greeting': 'Hello, Ada ${n}' }`,
      "  - ch: '#done'",
    ];
    await writeFile(join(folder, `flow-${String(n).padStart(3, '0')}.yaml`), `${test.join('\n')}\n`);
  }
}
