import { createRequire } from 'node:module';
import type { MochaOptions, Runner } from 'mocha';

const { reporters } = createRequire(import.meta.url)('mocha') as typeof import('mocha');

/** Mocha's spec reporter, and a closing line that tools read: `N passed, M failed`. */
export default class TestReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      process.on('exit', () => console.log(`${passes} passed, ${failures} failed`));
    });
  }
}
