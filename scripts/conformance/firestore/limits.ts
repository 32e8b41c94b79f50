import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, INVALID_ARGUMENT, refused } from './clients.ts';

/** A map in a map in a map. */
function nested(levels: number): Record<string, unknown> {
  return levels === 0 ? { end: 1 } : { a: nested(levels - 1) };
}

/** How large, long and deep things may be. */
export function limits({ db, gapic, collection, database, nameOf }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const fresh = () => collection().doc();
  const commitFields = (fields: Record<string, object>) =>
    gapic.commit({ database, writes: [{ update: { name: nameOf(fresh().path), fields } }] });

  method('Commit', {
    'takes a document just below 1 MiB': async () => {
      const document = fresh();
      await document.set({ bytes: Buffer.alloc(1_048_576 - 200) });
      assert.equal((await document.get()).get('bytes').length, 1_048_376);
    },
    'refuses a document above 1 MiB': async () => {
      await refused(
        fresh().set({ bytes: Buffer.alloc(1_048_576) }),
        INVALID_ARGUMENT,
        /exceeds the maximum allowed size of 1,048,576 bytes/,
      );
    },
    'counts names of fields for the size of a document': async () => {
      const name = 'n'.repeat(1500);
      const fields: Record<string, boolean> = {};
      for (let i = 0; i < 700; i += 1) fields[`${name.slice(4)}${String(i).padStart(4, '0')}`] = true;
      await refused(fresh().set(fields), INVALID_ARGUMENT, /exceeds|index/);
    },
    'refuses a request above 10 MiB': async () => {
      const bytesValue = Buffer.alloc(1_000_000);
      const writes = Array.from({ length: 11 }, () => ({
        update: { name: nameOf(fresh().path), fields: { a: { bytesValue } } },
      }));
      await refused(gapic.commit({ database, writes }), INVALID_ARGUMENT, /exceeds the limit|too big/);
    },
    'takes maps 20 levels deep, and refuses deeper ones': async () => {
      await fresh().set(nested(19));
      await refused(fresh().set(nested(20)), INVALID_ARGUMENT, /20 levels/);
    },
    'takes a field name of 1,500 bytes, and refuses a longer one': async () => {
      await fresh().set({ ['n'.repeat(1500)]: 1 });
      await refused(fresh().set({ ['n'.repeat(1501)]: 1 }), INVALID_ARGUMENT, /1500 bytes/);
    },
    'counts the UTF-8 bytes of a field name': async () => {
      await refused(fresh().set({ ['é'.repeat(751)]: 1 }), INVALID_ARGUMENT, /1500 bytes/);
    },
    'refuses a field path above 1,500 bytes': async () => {
      const deep = { ['a'.repeat(800)]: { ['b'.repeat(800)]: 1 } };
      await refused(fresh().set(deep), INVALID_ARGUMENT, /1500 bytes/);
    },
    'refuses reserved field names': async () => {
      for (const name of ['__a__', '__name__']) {
        await refused(commitFields({ [name]: { integerValue: 1 } }), INVALID_ARGUMENT, /reserved/);
      }
      await commitFields({ __a: { integerValue: 1 } });
    },
    'refuses an empty field name': async () => {
      await refused(commitFields({ '': { integerValue: 1 } }), INVALID_ARGUMENT, /empty/);
    },
    'takes an id of 1,500 bytes, and refuses a longer one': async () => {
      await collection().doc('d'.repeat(1500)).set({});
      await refused(collection().doc('d'.repeat(1501)).set({}), INVALID_ARGUMENT, /1500 bytes/);
    },
    'refuses the ids "." and ".." and reserved ones': async () => {
      for (const id of ['.', '..', '__a__', '____']) {
        await refused(
          gapic.commit({ database, writes: [{ delete: nameOf(`c/${id}`) }] }),
          INVALID_ARGUMENT,
          /reserved/,
        );
      }
    },
    'refuses an empty segment of a name': async () => {
      await refused(
        gapic.commit({ database, writes: [{ delete: nameOf('c//d/e') }] }),
        INVALID_ARGUMENT,
        /empty|lacks/,
      );
    },
    'refuses collections more than 100 levels deep': async () => {
      const at = (levels: number) => Array.from({ length: levels }, (_, i) => `c${i}/d`).join('/');
      await db.doc(at(100)).set({});
      await db.doc(at(100)).delete();
      await refused(db.doc(at(101)).set({}), INVALID_ARGUMENT, /100/);
    },
    'refuses a name above 6 KiB': async () => {
      const path = Array.from({ length: 6 }, () => 'x'.repeat(1100)).join('/');
      await refused(
        gapic.commit({ database, writes: [{ delete: nameOf(path) }] }),
        INVALID_ARGUMENT,
        /6 KiB|longer|exceed/,
      );
    },
    'refuses an array in an array': async () => {
      const arrayValue = { values: [{ arrayValue: { values: [] } }] };
      await refused(commitFields({ a: { arrayValue } }), INVALID_ARGUMENT, /array value in an array value/);
    },
    'takes an array in a map in an array': async () => {
      const document = fresh();
      await document.set({ a: [{ b: [1] }] });
      assert.deepEqual((await document.get()).data(), { a: [{ b: [1] }] });
    },
    'refuses a value without a type': async () => {
      await refused(commitFields({ a: {} }), INVALID_ARGUMENT, /no type|not set|unset/i);
    },
    'refuses timestamps outside of the years 1 to 9999': async () => {
      for (const timestampValue of [{ seconds: 253_402_300_800 }, { seconds: 0, nanos: 1_000_000_000 }]) {
        await refused(commitFields({ a: { timestampValue } }), INVALID_ARGUMENT, /timestamp/i);
      }
    },
    'refuses places outside of the globe': async () => {
      await refused(
        commitFields({ a: { geoPointValue: { latitude: 91, longitude: 0 } } }),
        INVALID_ARGUMENT,
        /geo|latitude/i,
      );
      await refused(
        commitFields({ a: { geoPointValue: { latitude: 0, longitude: -181 } } }),
        INVALID_ARGUMENT,
        /geo|longitude/i,
      );
    },
    'refuses a reference that is no document name': async () => {
      await refused(commitFields({ a: { referenceValue: 'nonsense' } }), INVALID_ARGUMENT, /nonsense|reference|name/i);
    },
    'refuses a document with more than 40,000 index entries': async () => {
      const values = Array.from({ length: 40_001 }, (_, i) => i);
      await refused(fresh().set({ values }), INVALID_ARGUMENT, /index entries/);
    },
    'indexes the first 1,500 bytes of a long value': async () => {
      const parent = collection();
      const text = `b${'x'.repeat(5000)}`;
      await parent.doc('long').set({ text });
      await parent.doc('short').set({ text: 'a' });
      const found = await parent.orderBy('text').get();
      assert.deepEqual(
        found.docs.map((document) => document.id),
        ['short', 'long'],
      );
      assert.equal(found.docs[1]?.get('text').length, 5001);
    },
  });
  return all;
}
