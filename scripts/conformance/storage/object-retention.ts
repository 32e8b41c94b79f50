import assert from 'node:assert/strict';
import type { File } from '@google-cloud/storage';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type BucketSettings, type Clients, fails } from './clients.ts';

const HOUR_MS = 3_600_000;

/** Retention that objects have of their own, in buckets that enable it. */
export function objectRetention({ newBucket, saved }: Clients, { clock, onEnd }: World): readonly Behaviour[] {
  const { method, all } = collector();
  const now = () => clock?.now() ?? Date.now();
  const at = (ms: number) => new Date(now() + ms).toISOString();
  const enabled = () => newBucket({ enableObjectRetention: true } as BucketSettings);
  const freed = (file: File) => file.setMetadata({ retention: null }, { overrideUnlockedRetention: true });
  const kept = async (mode: 'Locked' | 'Unlocked', ms: number) => {
    const file = (await enabled()).file('x');
    const retention = { mode, retainUntilTime: at(ms) };
    await file.save('1', { resumable: false, metadata: { retention } });
    if (mode === 'Unlocked') onEnd(() => freed(file).catch(() => undefined));
    return { file, retention };
  };

  method('object retention', {
    'is enabled for a bucket when it is made': async () => {
      const [metadata] = await (await enabled()).getMetadata();
      assert.deepEqual(metadata.objectRetention, { mode: 'Enabled' });
    },
    'keeps an object from being deleted and overwritten': async () => {
      const { file, retention } = await kept('Unlocked', HOUR_MS);
      const [metadata] = await file.getMetadata();
      assert.deepEqual(metadata.retention, retention);
      assert.equal(metadata.retentionExpirationTime, retention.retainUntilTime);
      await fails(file.delete(), 403, /retention/);
      await fails(file.save('2', { resumable: false }), 403, /retention/);
    },
    'lets metadata be changed, and is not copied': async () => {
      const { file } = await kept('Unlocked', HOUR_MS);
      await file.setMetadata({ metadata: { a: '1' } });
      const copy = file.bucket.file('copy');
      await file.copy(copy);
      assert.equal((await copy.getMetadata())[0].retention, undefined);
      assert.ok((await file.getMetadata())[0].retention);
    },
    'is made longer freely, and shorter or none only by an override': async () => {
      const { file } = await kept('Unlocked', HOUR_MS);
      await file.setMetadata({ retention: { mode: 'Unlocked', retainUntilTime: at(3 * HOUR_MS) } });
      const shorter = { retention: { mode: 'Unlocked', retainUntilTime: at(2 * HOUR_MS) } };
      await fails(file.setMetadata(shorter), 403, /overrideUnlockedRetention/);
      await file.setMetadata(shorter, { overrideUnlockedRetention: true });
      await fails(file.setMetadata({ retention: null }), 403, /overrideUnlockedRetention/);
      await freed(file);
      assert.equal((await file.getMetadata())[0].retention, undefined);
      await file.delete();
    },
    'needs a bucket that enables it, a mode, and a time to come': async () => {
      const retention = { mode: 'Unlocked', retainUntilTime: at(HOUR_MS) };
      await fails((await saved()).setMetadata({ retention }), 400, /retention/);
      const file = (await enabled()).file('x');
      for (const wrong of [{ mode: 'Open' }, { retainUntilTime: at(-HOUR_MS) }, { retainUntilTime: 'soon' }]) {
        const save = file.save('1', { resumable: false, metadata: { retention: { ...retention, ...wrong } } });
        await fails(save, 400, /retention/);
      }
    },
  });

  if (clock) {
    method('object retention', {
      'that is locked is only made longer, until it is over': async () => {
        const { file } = await kept('Locked', HOUR_MS);
        const override = { overrideUnlockedRetention: true };
        await fails(file.setMetadata({ retention: null }, override), 403, /locked/i);
        const shorter = { mode: 'Locked', retainUntilTime: at(HOUR_MS / 2) };
        await fails(file.setMetadata({ retention: shorter }, override), 403, /locked/i);
        const open = { mode: 'Unlocked', retainUntilTime: at(2 * HOUR_MS) };
        await fails(file.setMetadata({ retention: open }, override), 403, /locked/i);
        await file.setMetadata({ retention: { mode: 'Locked', retainUntilTime: at(2 * HOUR_MS) } });
        clock.advance(2 * HOUR_MS + 1000);
        await file.delete();
      },
    });
  }
  return all;
}
