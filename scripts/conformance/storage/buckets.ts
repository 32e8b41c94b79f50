import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

export function buckets({ storage, bucket, newBucket, request }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();

  method('buckets.insert', {
    'gives back the bucket with what Google adds': async () => {
      const made = await newBucket();
      const { metadata } = made;
      assert.equal(metadata.kind, 'storage#bucket');
      assert.equal(metadata.id, made.name);
      assert.equal(metadata.location, 'US');
      assert.equal(metadata.locationType, 'multi-region');
      assert.equal(metadata.storageClass, 'STANDARD');
      assert.equal(String(metadata.metageneration), '1');
      assert.ok(Number(metadata.projectNumber) > 0);
      assert.equal(metadata.timeCreated, metadata.updated);
      assert.ok(metadata.etag);
    },
    'takes storage class, labels and a region': async () => {
      const made = await newBucket({ location: 'us-central1', storageClass: 'NEARLINE', labels: { team: 'qa' } });
      const [metadata] = await made.getMetadata();
      assert.equal(metadata.location, 'US-CENTRAL1');
      assert.equal(metadata.locationType, 'region');
      assert.equal(metadata.storageClass, 'NEARLINE');
      assert.deepEqual(metadata.labels, { team: 'qa' });
    },
    'says that a predefined dual-region is one, and how it replicates': async () => {
      const bucket = await newBucket({ location: 'nam4' });
      await bucket.setMetadata({ rpo: 'DEFAULT' });
      const [{ locationType, rpo }] = await bucket.getMetadata();
      assert.deepEqual([locationType, rpo], ['dual-region', 'DEFAULT']);
    },
    'takes the storage classes of old, and says how a multi-region replicates': async () => {
      const made = await newBucket({ storageClass: 'MULTI_REGIONAL' });
      assert.equal((await made.getMetadata())[0].storageClass, 'MULTI_REGIONAL');
      assert.equal((await made.getMetadata())[0].rpo, 'DEFAULT');
    },
    'refuses a name that is taken': () => fails(storage.createBucket(bucket.name), 409),
    'refuses a name with capitals': () => fails(storage.createBucket(`Bucket-${world.name('b')}`), 400, /[Ii]nvalid/),
    'refuses a name that is too short': () => fails(storage.createBucket('ab'), 400),
    'refuses an unknown storage class': () =>
      fails(storage.createBucket(world.name('b'), { storageClass: 'LUKEWARM' }), 400),
    'prevents public access only when it is asked to': async () => {
      const made = await newBucket();
      assert.equal((await made.getMetadata())[0].iamConfiguration?.publicAccessPrevention, 'inherited');
      await made.setMetadata({ iamConfiguration: { publicAccessPrevention: 'enforced' } });
      assert.equal((await made.getMetadata())[0].iamConfiguration?.publicAccessPrevention, 'enforced');
    },
  });

  method('buckets.list (softDeleted)', {
    'gives none where nothing is softly deleted': async () => {
      const [found] = await storage.getBuckets({ softDeleted: true, prefix: bucket.name });
      assert.deepEqual(found, []);
    },
  });

  method('buckets.get', {
    'finds a bucket': async () => {
      assert.equal((await storage.bucket(bucket.name).getMetadata())[0].name, bucket.name);
      assert.deepEqual(await storage.bucket(bucket.name).exists(), [true]);
    },
    'answers 404 for a bucket that does not exist': () =>
      fails(storage.bucket(world.name('none')).getMetadata(), 404, /bucket does not exist/),
    'answers 304 to a metageneration that the caller has': async () => {
      const made = await newBucket();
      const { metageneration } = made.metadata;
      const path = `/storage/v1/b/${made.name}`;
      await answers(await request(`${path}?ifMetagenerationNotMatch=${metageneration}`), 304);
      await answers(await request(`${path}?ifMetagenerationMatch=${Number(metageneration) + 1}`), 412);
    },
    'gives only the fields that are asked for': async () => {
      const answer = await request(`/storage/v1/b/${bucket.name}?fields=name,iamConfiguration/publicAccessPrevention`);
      assert.deepEqual(await answer.json(), {
        name: bucket.name,
        iamConfiguration: { publicAccessPrevention: 'inherited' },
      });
    },
  });

  method('buckets.list', {
    'lists the buckets with a prefix': async () => {
      const prefix = world.name('l');
      const made = await newBucket();
      const [found] = await storage.getBuckets({ prefix: made.name });
      assert.deepEqual(
        found.map(({ name }) => name),
        [made.name],
      );
      assert.deepEqual((await storage.getBuckets({ prefix }))[0], []);
    },
    'goes on where a page ended': async () => {
      await newBucket();
      const page = async (token = '') => {
        const answer = await request(`/storage/v1/b?project=${world.project}&maxResults=1&pageToken=${token}`);
        return (await answer.json()) as { items: { name: string }[]; nextPageToken?: string };
      };
      const first = await page();
      assert.equal(first.items.length, 1);
      assert.ok(first.nextPageToken);
      assert.notEqual((await page(first.nextPageToken)).items[0]?.name, first.items[0]?.name);
    },
  });

  method('buckets.patch', {
    'changes what is named and keeps the rest': async () => {
      const made = await newBucket({ labels: { a: '1', b: '2' } });
      await made.setMetadata({ labels: { b: '3' }, versioning: { enabled: true } });
      const [metadata] = await made.getMetadata();
      assert.deepEqual(metadata.labels, { a: '1', b: '3' });
      assert.deepEqual(metadata.versioning, { enabled: true });
      assert.equal(String(metadata.metageneration), '2');
    },
    'removes a label by null': async () => {
      const made = await newBucket({ labels: { a: '1', b: '2' } });
      await made.deleteLabels('a');
      assert.deepEqual(await made.getLabels(), [{ b: '2' }]);
    },
    'shows no labels when the last one is removed': async () => {
      const made = await newBucket({ labels: { a: '1' } });
      await made.deleteLabels();
      assert.equal((await made.getMetadata())[0].labels, undefined);
    },
    'sets the default storage class': async () => {
      const made = await newBucket();
      await made.setStorageClass('coldline');
      await made.file('x').save('x', { resumable: false });
      assert.equal((await made.file('x').getMetadata())[0].storageClass, 'COLDLINE');
    },
    'refuses another metageneration': async () => {
      const made = await newBucket();
      await fails(made.setMetadata({ labels: { a: '1' } }, { ifMetagenerationMatch: 7 }), 412, /condition/);
    },
    'sets and removes CORS rules': async () => {
      const made = await newBucket();
      const rule = { origin: ['https://a.example'], method: ['GET'], responseHeader: ['x-a'], maxAgeSeconds: 60 };
      await made.setCorsConfiguration([rule]);
      assert.deepEqual((await made.getMetadata())[0].cors, [rule]);
      await made.setCorsConfiguration([]);
      assert.equal((await made.getMetadata())[0].cors, undefined);
    },
    'turns versioning off again': async () => {
      const made = await newBucket({ versioning: { enabled: true } });
      await made.setMetadata({ versioning: { enabled: false } });
      assert.deepEqual((await made.getMetadata())[0].versioning, { enabled: false });
    },
  });

  method('buckets.update', {
    'sets the whole bucket': async () => {
      const made = await newBucket({ labels: { a: '1' }, versioning: { enabled: true } });
      const answer = await request(`/storage/v1/b/${made.name}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: made.name, location: 'US', storageClass: 'STANDARD', labels: { b: '2' } }),
      });
      assert.equal(answer.status, 200);
      const [metadata] = await made.getMetadata();
      assert.deepEqual(metadata.labels, { b: '2' });
      assert.notEqual(metadata.versioning?.enabled, true);
    },
  });

  method('buckets.delete', {
    'removes an empty bucket': async () => {
      const made = await newBucket();
      await made.delete();
      assert.deepEqual(await made.exists(), [false]);
    },
    'refuses a bucket with objects': async () => {
      const made = await newBucket();
      await made.file('x').save('x', { resumable: false });
      await fails(made.delete(), 409, /not empty/);
    },
    'refuses a bucket with noncurrent versions': async () => {
      const made = await newBucket({ versioning: { enabled: true } });
      await made.file('x').save('x', { resumable: false });
      await made.file('x').delete();
      await fails(made.delete(), 409, /not empty/);
    },
    'refuses another metageneration': async () => {
      const made = await newBucket();
      await fails(made.delete({ ifMetagenerationMatch: 9 } as object), 412);
    },
    'answers 404 for a bucket that does not exist': () => fails(storage.bucket(world.name('none')).delete(), 404),
  });

  method('projects.serviceAccount.get', {
    'names the account that publishes notifications': async () => {
      const [account] = await storage.getServiceAccount();
      assert.match(String(account.emailAddress), /@gs-project-accounts\.iam\.gserviceaccount\.com$/);
    },
  });

  return all;
}
