import assert from 'node:assert/strict';
import { contract } from './contract.ts';
import { nearest } from './problems.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;

describe('a contract', () => {
  const order = contract(
    'order',
    Type.Object(
      {
        name: Type.String({ minLength: 1 }),
        color: Type.Optional(Type.Enum(['red', 'green'])),
        note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        size: Type.Optional(Type.Union([Type.Literal('s'), Type.Literal('m'), Type.Integer()])),
        lines: Type.Optional(
          Type.Array(Type.Object({ amount: Type.Integer(), 'a/b': Type.Optional(Type.String()) }, strict)),
        ),
        at: Type.Optional(Type.String({ format: 'date-time' })),
        from: Type.Optional(Type.Union([Type.String({ format: 'date' }), Type.String({ format: 'date-time' })])),
      },
      strict,
    ),
  );

  it('accepts what fits, and finds nothing wrong with it', () => {
    const good = { name: 'a', color: 'red', note: null, size: 3, lines: [{ amount: 1 }], at: '2026-03-04T12:00:00Z' };
    assert.equal(order.accepts(good), true);
    assert.deepEqual(order.problems(good), []);
  });

  const wrong: Record<string, [unknown, ReturnType<typeof order.problems>]> = {
    'no object': [7, [{ pointer: '', message: 'must be object' }]],
    'a missing field': [{}, [{ pointer: '/name', message: "'name' is required" }]],
    'an unknown field, with the nearest known one': [
      { name: 'a', colour: 'red' },
      [{ pointer: '/colour', message: "unknown field 'colour'", hint: "did you mean 'color'?" }],
    ],
    'an unknown field that is near to none': [
      { name: 'a', zzz: 1 },
      [{ pointer: '/zzz', message: "unknown field 'zzz'" }],
    ],
    'an unknown field in a list': [
      { name: 'a', lines: [{ amount: 1 }, { amount: 2, amuont: 2 }] },
      [{ pointer: '/lines/1/amuont', message: "unknown field 'amuont'", hint: "did you mean 'amount'?" }],
    ],
    'a name with a slash': [{ name: 'a', 'x/y~z': 1 }, [{ pointer: '/x~1y~0z', message: "unknown field 'x/y~z'" }]],
    'a word that is not one of those': [
      { name: 'a', color: 'blue' },
      [{ pointer: '/color', message: 'must be one of red, green' }],
    ],
    'a time that is none': [{ name: 'a', at: 'noon' }, [{ pointer: '/at', message: 'must match format "date-time"' }]],
    'a day or time that is none': [
      { name: 'a', from: '2026-13-01' },
      [{ pointer: '/from', message: 'must be a day (2026-03-04) or a time with its offset (2026-03-04T12:00:00Z)' }],
    ],
    'no type of a union': [{ name: 'a', note: 7 }, [{ pointer: '/note', message: 'must be string or null' }]],
    'no literal of a union': [
      { name: 'a', size: 'xl' },
      [{ pointer: '/size', message: "must be 's', 'm' or integer" }],
    ],
  };
  for (const [what, [value, problems]] of Object.entries(wrong)) {
    it(`points to ${what}`, () => {
      assert.equal(order.accepts(value), false);
      assert.deepEqual(order.problems(value), problems);
    });
  }

  it('names everything that is wrong at once', () => {
    assert.deepEqual(
      order
        .problems({ color: 'blue', lines: [{}] })
        .map(({ pointer }) => pointer)
        .sort(),
      ['/color', '/lines/0/amount', '/name'],
    );
  });
});

describe('the nearest known word', () => {
  for (const [word, expected] of [
    ['timout', 'timeout'],
    ['Timeout', 'timeout'],
    ['retires', 'retries'],
    ['namee', 'name'],
    ['nam', 'name'],
    ['n', undefined],
    ['entirely', undefined],
    ['', undefined],
  ] as const) {
    it(`of '${word}' is ${expected ?? 'none'}`, () => {
      assert.equal(nearest(word, ['name', 'timeout', 'retries']), expected);
    });
  }
});
