import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

describe('what is handed on as JSON', () => {
  const body = '{price: 1.10, more: [2.0, 1e3, -0.50], id: 12345678901234567890, phone: 007, text: "1.10"}';
  const expected = { price: 1.1, more: [2, 1000, -0.5], id: '12345678901234567890', phone: '007', text: '1.10' };
  const files: Readonly<Record<string, string>> = {
    canonical: `name: x\ncheckpoints: [{name: x, steps: [{command: api.request, url: /x, body: ${body}}]}]\n`,
    compact: `test: x\ndo: [request: {url: /x, body: ${body}}]\n`,
    simplified: `name: x\nsteps: [request: {url: /x, json: ${body}}]\n`,
    extended: `name: x\nsteps: [{type: api, command: request, url: /x, body: ${body}}]\n`,
    journey: `journey: {name: x, checkpoints: [{name: x, steps: [{command: api, args: [request, /x], options: {body: ${body}}}]}]}\n`,
  };
  for (const [form, text] of Object.entries(files))
    it(`has numbers as numbers, as far as they stay what they are, in the ${form} form`, () => {
      const read = readTestFile(text, { name: 'a' });
      assert.deepEqual([read.form, read.diagnostics], [form, []]);
      assert.deepEqual(read.definition?.checkpoints[0]?.steps[0]?.body, expected);
    });

  it('is so for scripts, too, and not for what people read', () => {
    const text =
      'test: x\ndo: [{command: misc.execute, script: return args, args: [1.10]}, {loop: {over: [1.10], do: [c: a]}}]\n';
    const [script, loop] = readTestFile(text, { name: 'a' }).definition?.checkpoints[0]?.steps ?? [];
    assert.deepEqual([script?.args, loop?.over], [[1.1], ['1.10']]);
  });
});
