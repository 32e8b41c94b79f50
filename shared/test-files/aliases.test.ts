import assert from 'node:assert/strict';
import { commands } from '../commands/index.ts';
import type { Shape } from './shapes.ts';
import { fieldsOf } from './suit-shape.ts';
import { allSentences, vocabularyOf } from './vocabulary.ts';

describe('the aliases of the commands', () => {
  it('set only fields that their command has', () => {
    for (const { name, fields, aliases } of commands) {
      const known = Object.keys(fields.properties);
      const shapes = [aliases?.compact, aliases?.simplified].flatMap(
        (keys) => Object.values(keys ?? {}).flat() as Shape[],
      );
      for (const field of shapes.flatMap(fieldsOf)) assert.ok(known.includes(field), `${name} has no field '${field}'`);
    }
  });

  it('name in their sentences only fields that their command has', () => {
    for (const { command, slots, fixed, example } of allSentences()) {
      const known = Object.keys(commands.find(({ name }) => name === command)?.fields.properties ?? {});
      for (const field of [...slots.map((slot) => slot.field), ...Object.keys(fixed)])
        assert.ok(known.includes(field), `'${example}' names '${field}'`);
    }
  });

  it('give no two commands of a form the same plain text', () => {
    for (const form of ['compact', 'simplified'] as const)
      for (const [key, claims] of vocabularyOf(form)) {
        const plain = claims.filter(({ shape }) => shape.shape === 'scalar' && shape.takes !== 'number');
        assert.ok(
          new Set(plain.map(({ command }) => command)).size <= 1,
          `'${key}' of ${form}: ${JSON.stringify(plain)}`,
        );
      }
  });
});
