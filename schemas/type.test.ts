import assert from 'node:assert/strict';
import { Type as Typebox } from 'typebox';
import { Type } from './type.ts';

/** A schema of everything that schemas are written with. */
function written(type: typeof Type) {
  const name = type.String({ minLength: 1, description: 'Its name.' });
  return type.Object(
    {
      name,
      nickname: type.Optional(name),
      ...{ age: type.Integer({ minimum: 0 }), height: type.Number(), alive: type.Boolean(), gone: type.Null() },
      kind: type.Enum(['cat', 'dog'], { description: 'What it is.' }),
      one: type.Union([type.Literal('a'), type.Literal(1), type.Literal(true)], { default: 'a' }),
      both: type.Intersect([type.Object({ a: type.Unknown() }), type.Object({ b: type.Optional(type.Unknown()) })]),
      friends: type.Optional(type.Array(type.Object({}, { additionalProperties: false }), { maxItems: 3 })),
      words: type.Record(type.String({ maxLength: 9 }), type.Unknown({ description: 'Anything.' }), {
        maxProperties: 2,
      }),
      plain: type.Optional(type.Unsafe<Date>({ type: 'object', holds: 'a date' })),
    },
    { additionalProperties: false, $id: 'pet' },
  );
}

describe('what schemas are written with', () => {
  it('gives what typebox gives', () => {
    assert.equal(JSON.stringify(written(Type)), JSON.stringify(written(Typebox)));
    assert.deepEqual(written(Type), written(Typebox));
  });

  it('keeps what is optional when its fields stand in another object', () => {
    const again = (type: typeof Type) => type.Object({ ...written(type).properties, more: type.String() }).required;
    assert.deepEqual(again(Type), again(Typebox));
    assert.equal(again(Type).includes('nickname' as never), false);
  });

  it('leaves a schema that becomes optional as it was', () => {
    const name = Type.String();
    Type.Optional(name);
    assert.deepEqual(Type.Object({ name }).required, ['name']);
  });
});
