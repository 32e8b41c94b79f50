import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { bench } from '../../shared/commands/testing/bench.ts';
import { readTestFile } from '../../shared/test-files/read.ts';
import { type Shop, startShop } from './site/server.ts';

const folder = join(import.meta.dirname, 'forms');
const names = readdirSync(folder);

function definitionOf(path: string, name: string): { form: string | undefined; definition: TestDefinition } {
  const { form, definition, suite, diagnostics } = readTestFile(readFileSync(join(path, name)), { name });
  assert.deepEqual(diagnostics, []);
  const only = definition ?? suite?.tests[0]?.definition;
  assert.ok(only);
  return { form, definition: only };
}

const original = definitionOf(join(import.meta.dirname, 'tests'), 'log-in.yaml');

describe('a test that is written in every form', () => {
  const { open } = bench({});
  let shop: Shop;
  before(async () => {
    shop = await startShop({ port: 0 });
  });
  after(() => shop.close());

  /** Each step's command and verdict. */
  async function outcomeOf({ checkpoints, variables }: TestDefinition): Promise<string[]> {
    const session = await open({ baseUrl: shop.origin, variables });
    const outcome: string[] = [];
    for (const [index, { name, steps }] of checkpoints.entries()) {
      const { results } = await session.runCheckpoint({ name, index, steps });
      outcome.push(
        ...results.map(({ command, status, error }) => `${command} ${status} ${error?.message ?? ''}`.trim()),
      );
    }
    return outcome;
  }

  it('is there in all of them', () => {
    const forms = new Set([original.form, ...names.map((name) => definitionOf(folder, name).form)]);
    assert.deepEqual([...forms].sort(), ['canonical', 'compact', 'extended', 'journey', 'simplified', 'suite']);
  });

  for (const name of names)
    it(`${name} has the same steps, with the same outcome on the page`, async () => {
      const { definition } = definitionOf(folder, name);
      const { tags, ...said } = definition;
      const { tags: originalTags, ...expected } = original.definition;
      assert.deepEqual(said, expected);
      assert.deepEqual(new Set(tags), new Set(originalTags));
      const outcome = await outcomeOf(definition);
      assert.deepEqual(
        outcome,
        expected.checkpoints.flatMap(({ steps }) => steps.map(({ command }) => `${command} passed`)),
      );
    });
});
