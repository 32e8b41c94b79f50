// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import assert from 'node:assert/strict';
import { innerFields, type Step } from '../../schemas/step.ts';
import { commands } from '../commands/index.ts';
import { innerLists, stepAt, withoutInner } from './inner-steps.ts';
import { nestingOf } from './nesting.ts';

const log: Step = { command: 'misc.log', text: 'x' };
const branch: Step = { command: 'control.if', condition: { exists: 'a' }, then: [log], else: [{ ...log, text: 'y' }] };
const loop: Step = { command: 'control.loop', times: 2, steps: [log, branch] };

describe('the steps inside steps', () => {
  it('are in the fields that the vocabulary has for them, and in no others', () => {
    const fields = commands.flatMap(({ name, fields: { properties } }) =>
      Object.entries(properties as Record<string, { holds?: string }>).flatMap(([field, { holds }]) =>
        holds === 'steps' ? [{ name, field }] : [],
      ),
    );
    assert.deepEqual(new Set(fields.map(({ field }) => field)), new Set(innerFields));
    assert.ok(fields.every(({ name }) => name.startsWith('control.')));
  });

  it('are found by field and by path', () => {
    assert.deepEqual(
      innerLists(branch).map(([field, steps]) => [field, steps.length]),
      [
        ['then', 1],
        ['else', 1],
      ],
    );
    assert.deepEqual(innerLists({ command: 'misc.execute', script: '', args: { steps: [log] }, steps: [log] }), []);
    assert.equal(stepAt([log, loop], [1, 'steps', 1, 'else', 0])?.text, 'y');
    assert.equal(stepAt([log, loop], [1, 'steps', 2]), undefined);
    assert.equal(stepAt([log, loop], [1, 'then', 0]), undefined);
  });

  it('can be left out', () => {
    assert.deepEqual(withoutInner(branch), { command: 'control.if', condition: { exists: 'a' } });
    assert.equal(withoutInner(log), log);
  });

  it('make a value as deep as they stand, lists in lists twice', () => {
    assert.deepEqual([1, {}, [log], [loop], [[1]]].map(nestingOf), [0, 1, 2, 6, 3]);
  });
});
