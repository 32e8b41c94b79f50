import assert from 'node:assert/strict';
import { FieldValue, Timestamp } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, INVALID_ARGUMENT, refused } from './clients.ts';

type Transform = Record<string, unknown>;
type Value = Record<string, unknown>;

/** The transforms of fields in a commit. */
export function transforms({ gapic, collection, database, nameOf }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const fresh = () => collection().doc();

  /** Writes the fields, applies transforms, and gives their results and the document's fields. */
  const apply = async (fields: Record<string, Value>, updateTransforms: Transform[]) => {
    const name = nameOf(fresh().path);
    await gapic.commit({ database, writes: [{ update: { name, fields } }] });
    const write = { update: { name }, updateMask: { fieldPaths: [] }, updateTransforms };
    const [{ writeResults }] = await gapic.commit({ database, writes: [write as object] });
    const [document] = await gapic.getDocument({ name });
    return { results: writeResults?.[0]?.transformResults ?? [], fields: document.fields ?? {} };
  };
  const numberOf = (value: { integerValue?: unknown; doubleValue?: unknown } | undefined | null) =>
    value?.doubleValue === undefined || value.doubleValue === null
      ? BigInt(String(value?.integerValue))
      : value.doubleValue;

  method('Commit', {
    'sets the time of the request, in milliseconds, and returns it': async () => {
      const before = Date.now();
      const { results, fields } = await apply({}, [{ fieldPath: 'at', setToServerValue: 'REQUEST_TIME' }]);
      const { seconds, nanos } = fields.at?.timestampValue ?? {};
      assert.equal(Number(nanos) % 1e6, 0);
      assert.ok(Math.abs(Number(seconds) * 1000 - before) < 3_600_000 * 24 * 400);
      assert.deepEqual(results[0]?.timestampValue, fields.at?.timestampValue);
    },
    'sets the same request time in all fields of a commit': async () => {
      const document = fresh();
      const stamp = FieldValue.serverTimestamp();
      await document.set({ a: stamp, b: { c: stamp } });
      const { a, b } = (await document.get()).data() ?? {};
      assert.ok(a instanceof Timestamp && a.isEqual(b.c));
    },
    'increments an integer': async () => {
      const { results, fields } = await apply({ n: { integerValue: 5 } }, [
        { fieldPath: 'n', increment: { integerValue: 3 } },
      ]);
      assert.equal(numberOf(fields.n), 8n);
      assert.equal(numberOf(results[0]), 8n);
    },
    'increments by a double to a double': async () => {
      const { fields } = await apply({ n: { integerValue: 5 } }, [{ fieldPath: 'n', increment: { doubleValue: 0.5 } }]);
      assert.equal(numberOf(fields.n), 5.5);
    },
    'takes a field that is no number, or not there, for zero when it increments': async () => {
      const increment = { integerValue: 2 };
      const transforms = [
        { fieldPath: 'text', increment },
        { fieldPath: 'gone.deep', increment },
      ];
      const { fields } = await apply({ text: { stringValue: 'x' } }, transforms);
      assert.equal(numberOf(fields.text), 2n);
      assert.equal(numberOf(fields.gone?.mapValue?.fields?.deep), 2n);
    },
    'stops increments at the ends of 64 bits': async () => {
      const largest = '9223372036854775807';
      const { fields } = await apply({ a: { integerValue: largest }, b: { integerValue: `-${largest}` } }, [
        { fieldPath: 'a', increment: { integerValue: 5 } },
        { fieldPath: 'b', increment: { integerValue: -5 } },
      ]);
      assert.equal(numberOf(fields.a), 2n ** 63n - 1n);
      assert.equal(numberOf(fields.b), -(2n ** 63n));
    },
    'adds exactly beyond 2^53': async () => {
      const { fields } = await apply({ n: { integerValue: '9007199254740993' } }, [
        { fieldPath: 'n', increment: { integerValue: 2 } },
      ]);
      assert.equal(numberOf(fields.n), 9_007_199_254_740_995n);
    },
    'keeps the larger of two numbers, with its type': async () => {
      const { results, fields } = await apply(
        { a: { integerValue: 3 }, b: { integerValue: 3 }, c: { integerValue: 3 } },
        [
          { fieldPath: 'a', maximum: { doubleValue: 3.5 } },
          { fieldPath: 'b', maximum: { doubleValue: 2.5 } },
          { fieldPath: 'c', maximum: { doubleValue: 3 } },
        ],
      );
      assert.deepEqual([numberOf(fields.a), numberOf(fields.b), numberOf(fields.c)], [3.5, 3n, 3n]);
      assert.deepEqual(results.map(numberOf), [3.5, 3n, 3n]);
    },
    'keeps the smaller of two numbers': async () => {
      const { fields } = await apply({ a: { integerValue: 3 } }, [
        { fieldPath: 'a', minimum: { integerValue: 1 } },
        { fieldPath: 'b', minimum: { integerValue: 1 } },
      ]);
      assert.deepEqual([numberOf(fields.a), numberOf(fields.b)], [1n, 1n]);
    },
    'adds the elements that are missing, once each': async () => {
      const document = fresh();
      await document.set({ list: [1, 'a'] });
      await document.update({ list: FieldValue.arrayUnion('a', { x: 1 }, 2, { x: 1 }) });
      assert.deepEqual((await document.get()).get('list'), [1, 'a', { x: 1 }, 2]);
    },
    'takes equal numbers of two types for one element': async () => {
      const { fields } = await apply({ list: { arrayValue: { values: [{ integerValue: 3 }] } } }, [
        { fieldPath: 'list', appendMissingElements: { values: [{ doubleValue: 3 }, { doubleValue: 3.5 }] } },
      ]);
      assert.deepEqual(fields.list?.arrayValue?.values?.map(numberOf), [3n, 3.5]);
    },
    'removes every instance of elements': async () => {
      const document = fresh();
      await document.set({ list: [1, 2, 1, { x: 1 }, null], other: 'text' });
      const gone = FieldValue.arrayRemove(1, { x: 1 }, null);
      await document.update({ list: gone, other: gone, absent: gone });
      assert.deepEqual((await document.get()).data(), { list: [2], other: [], absent: [] });
    },
    'returns null for what is done to an array': async () => {
      const values = [{ integerValue: 1 }];
      const { results } = await apply({}, [
        { fieldPath: 'a', appendMissingElements: { values } },
        { fieldPath: 'a', removeAllFromArray: { values } },
      ]);
      assert.deepEqual(
        results.map((result) => result.nullValue),
        ['NULL_VALUE', 'NULL_VALUE'],
      );
    },
    'applies several transforms of one field in order': async () => {
      const { results } = await apply({ n: { integerValue: 1 } }, [
        { fieldPath: 'n', increment: { integerValue: 1 } },
        { fieldPath: 'n', maximum: { integerValue: 10 } },
        { fieldPath: 'n', increment: { integerValue: 1 } },
      ]);
      assert.deepEqual(results.map(numberOf), [2n, 10n, 11n]);
    },
    'transforms after the fields of the same write are set': async () => {
      const document = fresh();
      await document.set({ n: 1, kept: true });
      await document.set({ n: FieldValue.increment(1), text: 'new' }, { merge: true });
      assert.deepEqual((await document.get()).data(), { n: 2, kept: true, text: 'new' });
      await document.set({ n: FieldValue.increment(1) });
      assert.deepEqual((await document.get()).data(), { n: 1 });
    },
    'makes the document that a transform is about': async () => {
      const document = fresh();
      await document.set({ n: FieldValue.increment(4) }, { merge: true });
      assert.deepEqual((await document.get()).data(), { n: 4 });
    },
    'applies a write that is a transform alone': async () => {
      const document = nameOf(fresh().path);
      const fieldTransforms = [{ fieldPath: 'n', increment: { integerValue: 2 } }];
      await gapic.commit({ database, writes: [{ transform: { document, fieldTransforms } }] });
      const [{ fields }] = await gapic.getDocument({ name: document });
      assert.equal(numberOf(fields?.n), 2n);
    },
    'takes times that differ below the microsecond, which is not kept, for one element': async () => {
      const document = fresh();
      await document.set({ l: FieldValue.arrayUnion(new Timestamp(1, 1500)) });
      await document.update({ l: FieldValue.arrayUnion(new Timestamp(1, 1999), new Timestamp(1, 1000)) });
      assert.deepEqual((await document.get()).get('l'), [new Timestamp(1, 1000)]);
      await document.update({ l: FieldValue.arrayRemove(new Timestamp(1, 1500)) });
      assert.deepEqual((await document.get()).get('l'), []);
    },
    'refuses to increment by what is no number': async () => {
      await refused(
        apply({}, [{ fieldPath: 'n', increment: { stringValue: '1' } }]),
        INVALID_ARGUMENT,
        /integer or a double|number/,
      );
    },
    'refuses a transform without a type': async () => {
      await refused(apply({}, [{ fieldPath: 'n' }]), INVALID_ARGUMENT, /transform/);
    },
    'refuses a transform of the name': async () => {
      const transforms = [{ fieldPath: '__name__', increment: { integerValue: 1 } }];
      await refused(apply({}, transforms), INVALID_ARGUMENT, /__name__/);
    },
    'refuses fields that no document can have': async () => {
      const increment = { integerValue: 1 };
      await refused(apply({}, [{ fieldPath: '__n__', increment }]), INVALID_ARGUMENT, /reserved/);
      await refused(apply({}, [{ fieldPath: `a.${'n'.repeat(1500)}`, increment }]), INVALID_ARGUMENT, /1500/);
      const deep = Array.from({ length: 21 }, () => 'a').join('.');
      await refused(apply({}, [{ fieldPath: deep, increment }]), INVALID_ARGUMENT, /20/);
    },
    'refuses more than 500 transforms of a document': async () => {
      const one = { fieldPath: 'n', increment: { integerValue: 1 } };
      await apply(
        {},
        Array.from({ length: 500 }, () => one),
      );
      await refused(
        apply(
          {},
          Array.from({ length: 501 }, () => one),
        ),
        INVALID_ARGUMENT,
        /500/,
      );
    },
  });
  return all;
}
