import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';
import { random } from './testing/random.ts';

const seeds = [
  "test: A\nbase: https://a.example\nv: {u: ada}\nconfig: {retry: 1}\ndo:\n  - c: Log in\n  - t: {Email: '{{u}}'}\n  - wait: {for: '#x', max: 5}\n  - group: G\n    do: [k: enter, \"see 'x'\"]\ndata: |\n  a,b\n  1,2\n",
  'name: B\nstarting_url: https://a.example\nvariables: [{name: a, value: 1}]\nsteps:\n  - navigate: {to: /x}\n  - assert: {type: equals, selector: a, value: 5}\n  - window: {action: resize, size: 800x600}\ncheckpoints:\n  - name: c\n    steps: [click: a]\n',
  '{"name": "C", "checkpoints": [{"name": "a", "steps": [{"command": "interact.click", "target": "b"}]}], "data": [{"a": 1}]}',
];
const pieces = [
  ...'{}[]:,-#&*!|>\'"%@`?\t\n\r ',
  '\n  - ',
  ': ',
  ' #x',
  '&a ',
  '*a',
  '<<: ',
  '{{',
  '}}',
  '---\n',
  '...\n',
  '__proto__: ',
  'constructor: 1',
  'null',
  '.nan',
  '1e999',
  '\0',
  '\uFEFF',
  '\uD800',
  '💥',
];

function mutate(text: string, next: (below: number) => number): string {
  let mutated = text;
  for (let times = 1 + next(4); times > 0; times--) {
    const at = next(mutated.length + 1);
    const length = next(6);
    const other = seeds[next(seeds.length)] ?? '';
    const from = next(other.length);
    const insert = next(3) === 0 ? other.slice(from, from + next(30)) : (pieces[next(pieces.length)] ?? '');
    mutated = mutated.slice(0, at) + insert + mutated.slice(at + (next(2) === 0 ? length : 0));
  }
  return mutated;
}

describe('the reader', () => {
  it('never throws: every file becomes a definition or an error with a place', () => {
    const next = random(20_261_125);
    for (let round = 0; round < 3000; round++) {
      const text = mutate(seeds[round % seeds.length] ?? '', next);
      const { definition, diagnostics } = readTestFile(round % 5 === 0 ? Buffer.from(text) : text, { name: 'fuzz' });
      const error = diagnostics.find(({ severity }) => severity === 'error');
      assert.notEqual(definition === undefined, error === undefined, JSON.stringify({ text, diagnostics }));
      const lines = text.split('\n').length;
      for (const { line, column } of diagnostics)
        assert.ok(line >= 1 && line <= lines && column >= 1, JSON.stringify(text));
    }
  }).timeout(20_000);
});
