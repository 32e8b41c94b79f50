import assert from 'node:assert/strict';
import { commands } from '../commands/index.ts';
import { readTestFile } from './read.ts';
import { generate, texts } from './testing/generate.ts';
import { random } from './testing/random.ts';
import { writeTestFile } from './write.ts';

const forms = ['canonical', 'compact', 'simplified', 'extended', 'journey'] as const;
const formats = ['yaml', 'json'] as const;

describe('a test that is written', () => {
  for (const form of forms)
    it(`in the ${form} form reads back as the same test, whatever it holds`, () => {
      for (let seed = 0; seed < 150; seed++) {
        const definition = generate(random(seed));
        const format = formats[seed % 2] ?? 'yaml';
        const written = writeTestFile({ definition }, form, format);
        assert.ok('text' in written, `seed ${seed}: ${JSON.stringify(written)}`);
        const read = readTestFile(written.text, { name: 'a' });
        assert.deepEqual(read.definition, definition, `seed ${seed}`);
        assert.deepEqual(writeTestFile({ definition: read.definition as never }, form, format), written);
      }
    });

  it('says each command in the words of the form, where the form has such', () => {
    const steps = commands.flatMap(({ examples }) => examples);
    const definition = { name: 'All', tags: [], config: {}, variables: {}, data: [], setup: [], teardown: [] };
    const counts = Object.fromEntries(
      forms.map((form) => {
        const checkpoints = [{ name: 'All', steps: [...steps] }];
        const written = writeTestFile({ definition: { ...definition, checkpoints } }, form, 'json');
        assert.ok('text' in written, JSON.stringify(written));
        const plain = written.text.match(/"command": "[a-z]+\.[a-z-]+"/g)?.length ?? 0;
        return [form, plain];
      }),
    );
    assert.ok((counts.extended ?? 99) <= 1, JSON.stringify(counts));
    assert.ok((counts.journey ?? 99) <= 12, JSON.stringify(counts));
    assert.ok((counts.simplified ?? 99) < steps.length / 4, JSON.stringify(counts));
    assert.ok((counts.compact ?? 99) < steps.length / 2, JSON.stringify(counts));
  });

  it('keeps texts that files tend to spoil', () => {
    for (const form of forms)
      for (const format of formats) {
        const checkpoints = [{ name: 'x', steps: texts.map((text) => ({ command: 'misc.comment', text })) }];
        const definition = {
          name: 'x',
          tags: [],
          config: {},
          variables: {},
          data: [],
          setup: [],
          checkpoints,
          teardown: [],
        };
        const written = writeTestFile({ definition }, form, format);
        assert.ok('text' in written, JSON.stringify(written));
        assert.deepEqual(readTestFile(written.text, { name: 'a' }).definition, definition);
      }
  });

  it('is refused by name when the form cannot say something', () => {
    const checkpoints = [{ name: 'x', steps: [] }];
    const definition = {
      name: 'x',
      tags: [],
      config: {},
      variables: {},
      data: [],
      setup: [],
      checkpoints,
      teardown: [],
    };
    const written = writeTestFile({ definition }, 'compact', 'yaml');
    assert.ok(!('text' in written) && /compact form cannot say/.test(written.message));
  });
});

describe('a suite that is written', () => {
  it('names its tests, each in the form, and reads back as the same tests', () => {
    const source =
      'test: A\nbase: https://a.example\ndo: [c: a, {group: h, do: [see b]}]\n---\nname: B\nsteps: [click: b]\n';
    const { suite } = readTestFile(source, { name: 'all.yaml' });
    assert.ok(suite);
    for (const form of forms)
      for (const format of formats) {
        const written = writeTestFile({ suite }, form, format);
        assert.ok('text' in written, JSON.stringify(written));
        const read = readTestFile(written.text, { name: 'b' });
        assert.deepEqual(read.suite?.name, 'all');
        assert.deepEqual(
          read.suite?.tests.map(({ definition }) => definition),
          suite.tests.map(({ definition }) => definition),
        );
      }
  });
});
