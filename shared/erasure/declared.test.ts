import assert from 'node:assert/strict';
import type { TSchema } from 'typebox';
import * as entities from '../../schemas/entities.ts';
import { rememberedEntity } from '../../schemas/fingerprint.ts';
import { liveCommandEntity, liveSessionEntity } from '../../schemas/live.ts';
import type { Bucket, Collection, Table } from '../define/resources.ts';
import { resources } from '../resources/index.ts';
import { collectionsOfUsers, collectionsWithin } from './documents.ts';
import { bucketsOfUsers, prefixesOf } from './objects.ts';
import { tablesOfUsers } from './rows.ts';

const collections: readonly Collection[] = resources.collections;
const buckets: readonly Bucket[] = resources.buckets;
const tables: readonly Table[] = resources.tables;

describe('the erasure of a user covers', () => {
  for (const { name, owner } of collections) {
    it(`the collection ${name}, or says why not`, () => {
      assert.ok(owner, `say in shared/resources whose the documents of '${name}' are`);
      const covered = [...collectionsOfUsers, ...collectionsWithin].some((one) => one.name === name);
      assert.ok(covered || ('kept' in owner && owner.kept.length > 20), `'${name}' is neither erased nor kept`);
    });
  }

  for (const { name } of buckets) {
    it(`the bucket ${name}`, () => {
      assert.ok(bucketsOfUsers.some((one) => one.name === name));
    });
  }

  for (const { name, columns } of tables) {
    const naming = Object.keys(columns).filter((column) => /user|owner|email|person/.test(column));
    it(`the table ${name}${naming.length > 0 ? '' : ', which names nobody'}`, () => {
      const erased = tablesOfUsers.some((one) => one.name === name);
      // `users` is a count of them.
      assert.equal(
        erased,
        naming.some((column) => column !== 'users'),
        naming.join(),
      );
    });
  }

  it('every kind of stored entity: each names its user as its collection says', () => {
    const stored = [...Object.values(entities), rememberedEntity, liveCommandEntity, liveSessionEntity].filter(
      (one): one is typeof entities.testEntity => typeof one === 'object' && 'schema' in one && 'name' in one,
    );
    assert.ok(stored.length >= 14, String(stored.length));
    for (const { name, schema } of stored) {
      const { properties } = schema as TSchema & { properties: Record<string, unknown> };
      assert.ok(name === 'user' || 'user_id' in properties, name);
    }
  });
});

describe('the objects of an id', () => {
  const placed = (whose: 'user' | 'run' | 'session', id: string) =>
    bucketsOfUsers.flatMap((bucket) => prefixesOf(bucket, whose, id).map((prefix) => `${bucket.name}/${prefix}`));

  it('lie below it, and never below nothing', () => {
    assert.deepEqual(placed('user', 'usr_1'), [
      'virtuoso-tests/tests/usr_1/',
      'virtuoso-tests/baselines/usr_1/',
      'virtuoso-reports/exports/usr_1/',
      'virtuoso-reports/suggestions/usr_1/',
    ]);
    assert.deepEqual(placed('run', 'run_1'), ['virtuoso-reports/run_1/']);
    assert.deepEqual(placed('session', 'ses_1'), ['virtuoso-artifacts/ses_1/']);
  });
});
