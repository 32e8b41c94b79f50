import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LIMIT_MS } from './check-suite.ts';
import { suites } from './suites.ts';
import { type OpenWorld, openWorld } from './world.ts';

const { Suite, Test } = createRequire(import.meta.url)('mocha') as typeof import('mocha');

for (const [service, open] of Object.entries(suites)) {
  describe(`conformance: ${service} of the local cloud, as its official client sees it,`, () => {
    let opened: OpenWorld | undefined;

    // The behaviours are only known once the suite is open: each becomes a test then.
    before(async function () {
      opened = await openWorld({ kind: 'local' });
      const { behaviours } = await open(opened.world);
      const parent = this.test?.parent ?? assert.fail('A hook belongs to a suite.');
      for (const [method, of] of Map.groupBy(behaviours, (behaviour) => behaviour.method)) {
        const suite = Suite.create(parent, method);
        suite.timeout(LIMIT_MS);
        for (const { title, check } of of) suite.addTest(new Test(title, check));
      }
      assert.ok(behaviours.length > 0, `The suite of ${service} has no behaviours.`);
    });
    after(async () => opened?.close());

    it('is open to it', () => {
      assert.ok(opened);
    });
  });
}

describe('the conformance suites', () => {
  it('are listed, every one', async () => {
    const folder = import.meta.dirname;
    const found = (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'suite.ts')))
      .map(({ name }) => name);
    assert.deepEqual(Object.keys(suites).sort(), found.sort());
  });
});
