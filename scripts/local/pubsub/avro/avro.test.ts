import assert from 'node:assert/strict';
import { mismatchOfBinary } from './binary.ts';
import { mismatchOfJson } from './json.ts';
import { AvroError, parseAvro } from './schema.ts';
import type { Avro } from './types.ts';

const parse = (schema: unknown): Avro => parseAvro(JSON.stringify(schema));
const field = (type: unknown, more = {}) => ({ type: 'record', name: 'R', fields: [{ name: 'f', type, ...more }] });
const LIST = {
  ...{ type: 'record', name: 'List', namespace: 'a.b' },
  fields: [
    { name: 'head', type: 'long' },
    { name: 'tail', type: ['null', 'List'], default: null },
  ],
};

describe('an Avro schema', () => {
  for (const schema of [
    ...['string', { type: 'string' }, { type: 'long', logicalType: 'timestamp-micros' }, ['null', 'int'], LIST],
    field({ type: 'enum', name: 'E', symbols: ['A', 'B'], default: 'A' }),
    field({ type: 'array', items: { type: 'map', values: { type: 'fixed', name: 'F', size: 2 } } }),
    field(['int', 'null'], { default: 7 }),
    field({ type: 'record', name: 'x.y.Inner', fields: [] }, { default: {} }),
  ]) {
    it(`is ${JSON.stringify(schema).slice(0, 90)}`, () => {
      assert.ok(parse(schema).kind);
    });
  }

  for (const [schema, why] of [
    [{ not_actually: 'avro' }, /type is missing/],
    [5, /5 is no type/],
    ['strange', /"strange" is not defined/],
    [{ type: 'record', name: 'R' }, /no fields/],
    [{ type: 'record', name: '1R', fields: [] }, /valid name/],
    [field('int', { name: 'a-b' }), /valid name/],
    [{ ...field('int'), fields: [...field('int').fields, ...field('int').fields] }, /field f twice/],
    [field(field('int')), /R is defined twice/],
    [field('int', { default: 'seven' }), /default.*"seven" is no int/],
    [field(['null', 'int'], { default: 7 }), /default/],
    [{ type: 'enum', name: 'E', symbols: ['A', 'A'] }, /symbols/],
    [{ type: 'fixed', name: 'F', size: -1 }, /size/],
    [['int', 'int'], /int twice/],
    [['int', ['null']], /another union/],
    [{ type: 'array' }, /undefined is no type/],
  ] as const) {
    it(`is not ${JSON.stringify(schema).slice(0, 90)}`, () => {
      assert.throws(
        () => parse(schema),
        (error) => error instanceof AvroError && why.test(error.message),
      );
    });
  }

  it('is not what is not JSON', () => {
    assert.throws(() => parseAvro('woohoo'), /not JSON/);
  });
});

/** A schema, values in JSON with their bytes, and values that are none, in JSON and in bytes. */
const cases: readonly {
  readonly schema: unknown;
  readonly good?: readonly (readonly [unknown, readonly number[]])[];
  readonly bad?: readonly unknown[];
  readonly badBytes?: readonly (readonly number[])[];
}[] = [
  { schema: 'null', good: [[null, []]], bad: [0], badBytes: [[0]] },
  {
    schema: 'boolean',
    good: [
      [true, [1]],
      [false, [0]],
    ],
    bad: ['true', null],
    badBytes: [[2], []],
  },
  {
    schema: 'int',
    good: [
      [0, [0]],
      [-1, [1]],
      [64, [0x80, 1]],
      [2 ** 31 - 1, [0xfe, 0xff, 0xff, 0xff, 0x0f]],
    ],
    bad: [1.5, 2 ** 31, '1'],
    badBytes: [[0x80], [0x80, 0x80, 0x80, 0x80, 0x10]],
  },
  {
    schema: 'long',
    good: [[-(2 ** 31) - 1, [0x81, 0x80, 0x80, 0x80, 0x10]]],
    bad: [2 ** 64],
    badBytes: [Array(11).fill(0x80)],
  },
  { schema: 'float', good: [[1, [0, 0, 0x80, 0x3f]]], bad: ['1'], badBytes: [[0, 0, 0]] },
  { schema: 'double', good: [[1, [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]]], bad: [null], badBytes: [[0, 0, 0, 0]] },
  { schema: 'string', good: [['foo', [6, 0x66, 0x6f, 0x6f]]], bad: [1], badBytes: [[6, 0x66], [2, 0xff], [1]] },
  { schema: 'bytes', good: [['\u00ff', [2, 0xff]]], bad: ['\u0100', 1], badBytes: [[4, 1]] },
  {
    schema: { type: 'fixed', name: 'F', size: 2 },
    good: [['ab', [97, 98]]],
    bad: ['a', 'abc'],
    badBytes: [[1], [1, 2, 3]],
  },
  { schema: { type: 'enum', name: 'E', symbols: ['A', 'B'] }, good: [['B', [2]]], bad: ['C', 1], badBytes: [[4], [1]] },
  {
    schema: { type: 'array', items: 'long' },
    good: [
      [
        [3, 27],
        [4, 6, 0x36, 0],
      ],
      [[3], [1, 2, 6, 0]],
      [[], [0]],
    ],
    bad: [{}, ['x']],
    badBytes: [[2], [4, 6, 0]],
  },
  {
    schema: { type: 'array', items: 'null' },
    good: [
      [
        [null, null],
        [4, 0],
      ],
    ],
    bad: [[1]],
  },
  {
    schema: { type: 'map', values: 'int' },
    good: [[{ a: 1 }, [2, 2, 97, 2, 0]]],
    bad: [[], { a: 'x' }],
    badBytes: [[2, 2, 97]],
  },
  {
    schema: ['null', 'string'],
    good: [
      [null, [0]],
      [{ string: 'a' }, [2, 2, 97]],
    ],
    bad: ['a', { int: 1 }, { string: 'a', null: null }],
    badBytes: [[4], [1]],
  },
  {
    schema: LIST,
    good: [[{ head: 1, tail: { 'a.b.List': { head: 2, tail: null } } }, [2, 2, 4, 0]]],
    bad: [{ head: 1 }, { head: 1, tail: null, more: 1 }, { head: 1, tail: { List: { head: 2, tail: null } } }, []],
    badBytes: [[2], [2, 0, 0]],
  },
];

describe('a message with an Avro schema', () => {
  for (const { schema, good = [], bad = [], badBytes = [] } of cases) {
    it(`of ${JSON.stringify(schema).slice(0, 80)} is told from what is none`, () => {
      const type = parse(schema);
      for (const [value, bytes] of good) {
        assert.equal(mismatchOfJson(type, value, ''), undefined, JSON.stringify(value));
        assert.equal(mismatchOfBinary(type, Uint8Array.from(bytes)), undefined, `${bytes}`);
      }
      for (const value of bad) assert.ok(mismatchOfJson(type, value, ''), JSON.stringify(value));
      for (const bytes of badBytes) assert.ok(mismatchOfBinary(type, Uint8Array.from(bytes)), `${bytes}`);
    });
  }

  it('is told what is wrong with it, and where', () => {
    const type = parse(field({ type: 'array', items: field('int', {}).fields[0]?.type }));
    assert.equal(mismatchOfJson(type, { f: [1, 'x'] }, ''), 'f[1]: "x" is no int');
    assert.equal(mismatchOfJson(type, {}, ''), 'f: it is missing');
  });

  it('that holds itself without an end is refused', () => {
    const endless = parse({ type: 'record', name: 'A', fields: [{ name: 'a', type: 'A' }] });
    assert.match(mismatchOfBinary(endless, Uint8Array.of()) ?? '', /nested/);
  });
});
