import assert from 'node:assert/strict';
import protobuf from 'protobufjs';
import { encodeDocumentEvent as encode } from './document-event.testing.ts';
import { decodeDocumentEvent } from './document-event.ts';
import { ProtobufReader } from './protobuf-reader.ts';

const name = 'projects/p/databases/(default)/documents/runs/run_1';
const fieldsOf = (fields: object) => decodeDocumentEvent(encode({ value: { name, fields } })).after;

describe('a document event', () => {
  const values: Record<string, [object, unknown]> = {
    null: [{ nullValue: 'NULL_VALUE' }, null],
    true: [{ booleanValue: true }, true],
    false: [{ booleanValue: false }, false],
    'an integer': [{ integerValue: 42 }, 42],
    zero: [{ integerValue: 0 }, 0],
    'a negative integer': [{ integerValue: -7 }, -7],
    'a large integer': [{ integerValue: '9007199254740991' }, Number.MAX_SAFE_INTEGER],
    'a double': [{ doubleValue: -1.5 }, -1.5],
    'zero as a double': [{ doubleValue: 0 }, 0],
    infinity: [{ doubleValue: Infinity }, Infinity],
    'a string': [{ stringValue: 'ä€😀' }, 'ä€😀'],
    'an empty string': [{ stringValue: '' }, ''],
    bytes: [{ bytesValue: Buffer.from([0, 255, 7]) }, Buffer.from([0, 255, 7])],
    'a reference': [{ referenceValue: name }, name],
    'a place': [{ geoPointValue: { latitude: 52.5, longitude: -13.4 } }, { latitude: 52.5, longitude: -13.4 }],
    'a time': [{ timestampValue: { seconds: 1_772_600_000, nanos: 987_654_321 } }, new Date(1_772_600_000_987)],
    'a time before 1970': [{ timestampValue: { seconds: -1, nanos: 500_000_000 } }, new Date(-500)],
    'the first moment': [{ timestampValue: {} }, new Date(0)],
    'an empty array': [{ arrayValue: {} }, []],
    'an array': [
      { arrayValue: { values: [{ integerValue: 1 }, { nullValue: 0 }, { stringValue: 'x' }] } },
      [1, null, 'x'],
    ],
    'an empty map': [{ mapValue: {} }, {}],
    'a map of maps': [
      { mapValue: { fields: { a: { mapValue: { fields: { b: { integerValue: 1 } } } } } } },
      { a: { b: 1 } },
    ],
  };
  for (const [what, [value, expected]] of Object.entries(values)) {
    it(`carries ${what}`, () => assert.deepEqual(fieldsOf({ field: value }), { field: expected }));
  }

  it('tells a creation, a change and a deletion apart', () => {
    const [one, two] = [1, 2].map((integerValue) => ({ name, fields: { n: { integerValue } } }));
    assert.deepEqual(decodeDocumentEvent(encode({ value: one })), { after: { n: 1 }, before: undefined });
    assert.deepEqual(decodeDocumentEvent(encode({ value: two, oldValue: one })), { after: { n: 2 }, before: { n: 1 } });
    assert.deepEqual(decodeDocumentEvent(encode({ oldValue: one })), { after: undefined, before: { n: 1 } });
  });

  it('takes an empty message for no document', () => {
    assert.deepEqual(decodeDocumentEvent(encode({ value: {}, oldValue: {} })), { after: undefined, before: undefined });
  });

  it('skips what it does not need', () => {
    const time = { seconds: 1, nanos: 1 };
    const event = {
      value: { name, fields: {}, createTime: time, updateTime: time },
      updateMask: { fieldPaths: ['a', 'b'] },
    };
    assert.deepEqual(decodeDocumentEvent(encode(event)), { after: {}, before: undefined });
  });

  it('carries a field of any name', () => {
    const fields = fieldsOf({ '': { integerValue: 1 }, constructor: { integerValue: 2 }, 'a.b': { integerValue: 3 } });
    assert.deepEqual(Object.entries(fields ?? {}).sort(), [
      ['', 1],
      ['a.b', 3],
      ['constructor', 2],
    ]);
  });

  it('that is cut off is an error', () => {
    const bytes = encode({ value: { name, fields: { text: { stringValue: 'abc' } } } });
    for (let length = 1; length < bytes.length; length++) {
      assert.throws(() => decodeDocumentEvent(bytes.subarray(0, length)), /cut off|middle of a number/, `${length}`);
    }
  });
});

describe('the protobuf reader', () => {
  it('skips fields of every wire type', () => {
    const writer = protobuf.Writer.create();
    writer
      .uint32(8 | 0)
      .uint64('18446744073709551615')
      .uint32(16 | 1)
      .fixed64(7)
      .uint32(24 | 5)
      .fixed32(7);
    writer.uint32(34).string('skipped').uint32(42).string('kept');
    let kept = '';
    const reader = new ProtobufReader(writer.finish());
    reader.each((field) => {
      if (field !== 5) return false;
      kept = reader.string();
    });
    assert.equal(kept, 'kept');
  });

  it('refuses wire types that are not in use', () => {
    assert.throws(() => new ProtobufReader(Uint8Array.of(8 | 3)).each(() => false), /wire type 3/);
  });

  it('notices when a skipped field is cut off', () => {
    for (const tag of [8 | 1, 8 | 5]) {
      assert.throws(() => new ProtobufReader(Uint8Array.of(tag, 0)).each(() => false), /cut off/);
    }
  });
});
