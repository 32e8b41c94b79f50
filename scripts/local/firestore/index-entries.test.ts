import assert from 'node:assert/strict';
import { encodeFields } from './encode-fields.ts';
import { checkIndexEntries, isWithinLimits } from './index-entries.ts';
import { checkSize } from './limits.ts';
import { array, type Fields, integer, NULL, type Value } from './values.ts';

const text = (stringValue: string): Value => ({ valueType: 'stringValue', stringValue });
const map = (fields: Fields): Value => ({ valueType: 'mapValue', mapValue: { fields } });
const nowhere: Value = { valueType: 'geoPointValue', geoPointValue: { latitude: 0, longitude: 0 } };
const name = (segment: string) => `projects/p/databases/d/documents/c/${segment}`;
const times = (count: number, value: Value) => array(Array.from({ length: count }, () => value));
const fieldsOf = (count: number, value: Value) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [n.toString(36), value]));

/** Documents that grow with `n`, each the worst in something. */
const GROWING: Record<string, (n: number) => Fields> = {
  'many elements without a byte': (n) => ({ a: times(n, NULL) }),
  'many places at zero': (n) => ({ a: times(n, nowhere) }),
  'many fields': (n) => fieldsOf(n, NULL),
  'a long text': (n) => ({ a: text('ä'.repeat(n)) }),
  'many fields below a long name': (n) => ({ ['x'.repeat(1400)]: map(fieldsOf(n, integer(0))) }),
};

describe('local firestore: documents whose limits are not counted', () => {
  for (const [what, make] of Object.entries(GROWING)) {
    it(`never break one: ${what}`, () => {
      let [counted, uncounted] = [0, 0];
      for (const id of ['a', 'ä'.repeat(700)]) {
        for (let n = 1; n < 50_000; n *= 2) {
          const fields = make(n);
          if (!isWithinLimits(name(id), encodeFields(fields).length)) {
            counted += 1;
            continue;
          }
          uncounted += 1;
          checkSize(name(id), fields);
          checkIndexEntries(name(id), fields);
        }
      }
      assert.ok(counted > 0 && uncounted > 0, `${counted} were counted, ${uncounted} were not`);
    });
  }

  it('are those that are usual', () => {
    assert.equal(isWithinLimits(name('run_0123456789'), 6000), true);
  });
});
