import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTestFile } from '../../shared/test-files/read.ts';

const files = ['tests', 'failing'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder)).map((name) => `${folder}/${name}`),
);
const read = (name: string): ReturnType<typeof readTestFile> =>
  readTestFile(readFileSync(join(import.meta.dirname, name)), { name });

describe('the demo tests', () => {
  for (const name of files)
    it(`${name} is read without a complaint, and takes its base address from the run`, () => {
      const { definition, diagnostics } = read(name);
      assert.deepEqual(diagnostics, []);
      assert.ok(definition);
      assert.equal(definition.baseUrl, undefined);
      assert.doesNotMatch(JSON.stringify(definition), /https?:/);
    });

  it('are written in both forms, three of each at least, some with rows of data', () => {
    const definitions = files.map(read);
    const inForm = (form: string): number => definitions.filter((file) => file.form === form).length;
    assert.ok(inForm('compact') >= 3 && inForm('simplified') >= 3);
    assert.ok(definitions.filter(({ definition }) => (definition?.data.length ?? 0) > 1).length >= 2);
  });

  it('exercise most groups of the vocabulary', () => {
    const steps = files.flatMap((name) => read(name).definition?.checkpoints.flatMap((one) => one.steps) ?? []);
    const groups = new Set(steps.map(({ command }) => command.split('.')[0]));
    for (const group of ['navigate', 'interact', 'assert', 'wait', 'data', 'dialog', 'window', 'mouse', 'misc'])
      assert.ok(groups.has(group), group);
    assert.ok(new Set(steps.map(({ command }) => command)).size >= 45);
  });
});
