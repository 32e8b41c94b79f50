import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, fails } from './clients.ts';

export function holds({ newBucket, saved }: Clients, { clock }: World): readonly Behaviour[] {
  const { method, all } = collector();

  method('holds', {
    'keep an object from being deleted and overwritten': async () => {
      for (const hold of ['temporaryHold', 'eventBasedHold'] as const) {
        const target = await saved();
        await target.setMetadata({ [hold]: true });
        await fails(target.delete(), 403, /hold/i);
        await fails(target.save('2', { resumable: false }), 403, /hold/i);
        await target.setMetadata({ [hold]: false });
        await target.delete();
      }
    },
    'let the metadata be changed': async () => {
      const target = await saved();
      await target.setMetadata({ temporaryHold: true });
      await target.setMetadata({ metadata: { a: '1' } });
      assert.equal((await target.getMetadata())[0].temporaryHold, true);
      await target.setMetadata({ temporaryHold: false });
    },
    'are set on new objects by the default of the bucket': async () => {
      const bucket = await newBucket({ defaultEventBasedHold: true });
      const file = bucket.file('x');
      await file.save('1', { resumable: false });
      assert.equal((await file.getMetadata())[0].eventBasedHold, true);
      await file.setMetadata({ eventBasedHold: false });
    },
  });

  method('retention policies', {
    'say until when objects are kept': async () => {
      const bucket = await newBucket();
      await bucket.setRetentionPeriod(3600);
      const [{ retentionPolicy }] = await bucket.getMetadata();
      assert.equal(String(retentionPolicy?.retentionPeriod), '3600');
      assert.ok(retentionPolicy?.effectiveTime);
      const file = bucket.file('x');
      await file.save('1', { resumable: false });
      const [{ retentionExpirationTime, timeCreated }] = await file.getMetadata();
      assert.equal(Date.parse(retentionExpirationTime ?? '') - Date.parse(timeCreated ?? ''), 3600_000);
      await bucket.removeRetentionPeriod();
      assert.equal((await file.getMetadata())[0].retentionExpirationTime, undefined);
    },
    'keep objects from being deleted': async () => {
      const bucket = await newBucket();
      await bucket.setRetentionPeriod(3600);
      const file = bucket.file('x');
      await file.save('1', { resumable: false });
      await fails(file.delete(), 403, /retention policy/);
      await fails(file.save('2', { resumable: false }), 403, /retention policy/);
      await bucket.removeRetentionPeriod();
      await file.delete();
    },
    'are locked only with the metageneration': async () => {
      const bucket = await newBucket();
      await fails(bucket.lock(1), 400);
      await bucket.setRetentionPeriod(1);
      await fails(bucket.lock(99), 412);
      await bucket.lock(2);
      assert.equal((await bucket.getMetadata())[0].retentionPolicy?.isLocked, true);
      await fails(bucket.removeRetentionPeriod(), 403);
      await bucket.setRetentionPeriod(2);
    },
  });

  if (clock) {
    method('retention policies', {
      'let objects go when their time is over': async () => {
        const bucket = await newBucket();
        await bucket.setRetentionPeriod(3600);
        const file = bucket.file('x');
        await file.save('1', { resumable: false });
        clock.advance(3601_000);
        await file.delete();
      },
      'begin when an event-based hold is released': async () => {
        const bucket = await newBucket({ defaultEventBasedHold: true });
        await bucket.setRetentionPeriod(3600);
        const file = bucket.file('x');
        await file.save('1', { resumable: false });
        clock.advance(7200_000);
        await file.setMetadata({ eventBasedHold: false });
        await fails(file.delete(), 403, /retention policy/);
        clock.advance(3601_000);
        await file.delete();
      },
    });
  }
  return all;
}
