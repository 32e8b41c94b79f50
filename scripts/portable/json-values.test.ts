import assert from 'node:assert/strict';
import { Firestore, GeoPoint, Timestamp } from '@google-cloud/firestore';
import { fromJson, toJson } from './json-values.ts';

const firestore = new Firestore({ projectId: 'p', host: '127.0.0.1', port: 1, ssl: false });

describe('values of documents as JSON', () => {
  const values: Readonly<Record<string, unknown>> = {
    'plain values': { text: 'é\u0000', yes: true, nothing: null, list: [1, [2.5], { a: 'b' }], empty: {} },
    'times to the nanosecond': new Timestamp(1_767_225_600, 123_456_789),
    'times before 1970': new Timestamp(-1, 1),
    bytes: Buffer.from([0, 255, 7]),
    places: new GeoPoint(59.9, -10.75),
    'numbers that JSON lacks': [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    'maps that look like marks': { $timestamp: 'no time', inner: [{ $bytes: 'no bytes' }] },
    'maps that are marks': [{ $timestamp: 'no time' }, { $map: { $map: 1 } }, { $x: 1 }],
  };
  for (const [name, value] of Object.entries(values)) {
    it(`come back as they were: ${name}`, () => {
      assert.deepEqual(fromJson(JSON.parse(JSON.stringify(toJson(value))), firestore), value);
    });
  }

  it('keep the sign of zero, and what references name', () => {
    assert.ok(Object.is(fromJson(toJson(-0), firestore), -0));
    const reference = firestore.doc('runs/run_1/log/1');
    assert.ok((fromJson(toJson(reference), firestore) as typeof reference).isEqual(reference));
  });

  it('are refused where nobody knows what they are', () => {
    assert.throws(() => toJson({ a: new Map() }), /A Map cannot be exported/);
    assert.throws(() => fromJson({ $color: 'red' }, firestore), /no value of the kind '\$color'/);
  });
});
