import assert from 'node:assert/strict';
import type { AccessControlObject, Bucket, File } from '@google-cloud/storage';
import { type Behaviour, collector } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

const ANN = 'user-ann@example.com';

/** Access control lists, and what they let everybody read. */
export function acls({ newBucket, saved, bucket, file, origin, request }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const rolesOf = async (list: Pick<Bucket['acl'], 'get'>) => {
    const [entries] = await list.get();
    return Object.fromEntries((entries as AccessControlObject[]).map(({ entity, role }) => [entity, role]));
  };
  const kindsOf = async (list: Pick<Bucket['acl'], 'get'>) =>
    Object.keys(await rolesOf(list)).map((entity) => entity.replace(/-\d+$/, ''));
  const anonymous = (of: Bucket, name: string, init?: RequestInit) => fetch(`${origin}/${of.name}/${name}`, init);
  const text = async (of: File) => String((await of.download())[0]);
  const PROJECT = ['project-owners', 'project-editors', 'project-viewers'];

  for (const [name, holder] of [
    ['bucketAccessControls', async () => (await newBucket()).acl],
    ['defaultObjectAccessControls', async () => (await newBucket()).acl.default],
    ['objectAccessControls', async () => (await saved()).acl],
  ] as const) {
    method(name, {
      'are those of the project at first': async () => {
        const found = await kindsOf(await holder());
        for (const team of PROJECT) assert.ok(found.includes(team), `${found}`);
      },
      'are given, changed and taken away': async () => {
        const list = await holder();
        const [added] = await list.add({ entity: ANN, role: 'OWNER' });
        assert.deepEqual([added.entity, added.role], [ANN, 'OWNER']);
        const [changed] = await list.update({ entity: ANN, role: 'READER' });
        assert.equal(changed.role, 'READER');
        const [found] = await list.get({ entity: ANN });
        assert.equal((found as AccessControlObject).role, 'READER');
        assert.equal((await rolesOf(list))[ANN], 'READER');
        await list.delete({ entity: ANN });
        assert.equal((await rolesOf(list))[ANN], undefined);
      },
      'answer 404 for who is not on the list': async () => {
        const list = await holder();
        await fails(list.get({ entity: ANN }), 404);
        await fails(list.delete({ entity: ANN }), 404);
      },
      'refuse what is no entity, and what is no role': async () => {
        const list = await holder();
        await fails(list.add({ entity: 'ann', role: 'READER' }), 400, /entity/);
        await fails(list.add({ entity: ANN, role: 'FRIEND' }), 400, /role/);
      },
    });
  }

  method('objectAccessControls', {
    'have no writers': async () => {
      await fails((await saved()).acl.add({ entity: ANN, role: 'WRITER' }), 400, /role/);
    },
    'are the bucket’s default ones of when the object was made': async () => {
      const made = await newBucket();
      const [before, after, copy] = ['before', 'after', 'copy'].map((name) => made.file(name)) as [File, File, File];
      await before.save('1', { resumable: false });
      await made.acl.default.add({ entity: ANN, role: 'READER' });
      await after.save('1', { resumable: false });
      await before.copy(copy);
      assert.equal((await rolesOf(before.acl))[ANN], undefined);
      assert.equal((await rolesOf(after.acl))[ANN], 'READER');
      assert.equal((await rolesOf(copy.acl))[ANN], 'READER');
    },
    'change the metageneration, and are told by projection=full alone': async () => {
      const target = await saved();
      await target.acl.add({ entity: ANN, role: 'READER' });
      const path = `/storage/v1/b/${bucket.name}/o/${target.name}`;
      const plain = JSON.parse(await answers(await request(path), 200));
      assert.deepEqual([plain.metageneration, plain.acl], ['2', undefined]);
      const full = JSON.parse(await answers(await request(`${path}?projection=full`), 200));
      const found = full.acl.find(({ entity }: { entity: string }) => entity === ANN);
      assert.deepEqual(
        [found.kind, found.role, found.email],
        ['storage#objectAccessControl', 'READER', 'ann@example.com'],
      );
    },
    'stay when metadata are changed, and when access is uniform for a while': async () => {
      const made = await newBucket();
      const target = made.file('x');
      await target.save('1', { resumable: false });
      await target.acl.add({ entity: ANN, role: 'READER' });
      await target.setMetadata({ contentType: 'text/csv' });
      for (const enabled of [true, false]) {
        await made.setMetadata({ iamConfiguration: { uniformBucketLevelAccess: { enabled } } });
      }
      assert.equal((await rolesOf(target.acl))[ANN], 'READER');
    },
    'are predefined for uploads, copies and patches': async () => {
      const target = file();
      await target.save('1', { resumable: true, predefinedAcl: 'publicRead' });
      assert.deepEqual((await rolesOf(target.acl)).allUsers, 'READER');
      const copy = file();
      await target.copy(copy, { predefinedAcl: 'authenticatedRead' });
      assert.equal((await rolesOf(copy.acl)).allAuthenticatedUsers, 'READER');
      await target.makePrivate({ strict: true });
      assert.deepEqual(await kindsOf(target.acl), ['project-owners']);
      const unknown = file().save('1', { resumable: false, predefinedAcl: 'everybody' as 'private' });
      await fails(unknown, 400, /everybody/);
    },
  });

  method('what everybody may read', {
    'is nothing at first, by name': async () => {
      const { name } = await saved();
      const got = await anonymous(bucket, name);
      await answers(got, 403, /AccessDenied.*Anonymous caller does not have storage\.objects\.get access/);
      await answers(await anonymous(bucket, ''), 403, /storage\.objects\.list/);
      await answers(await anonymous(bucket, name, { method: 'DELETE' }), 403, /storage\.objects\.delete/);
      await answers(await anonymous(bucket, name, { method: 'PUT', body: 'x' }), 403, /storage\.objects\.create/);
    },
    'is an object that is made public, until it is made private': async () => {
      const target = await saved('hello');
      assert.deepEqual(await target.isPublic(), [false]);
      await target.makePublic();
      assert.deepEqual(await target.isPublic(), [true]);
      assert.equal(await answers(await anonymous(bucket, target.name), 200), 'hello');
      await answers(await anonymous(bucket, target.name, { method: 'PUT', body: 'x' }), 403);
      assert.equal(await text(target), 'hello');
      await target.makePrivate();
      assert.deepEqual(await target.isPublic(), [false]);
    },
    'is a bucket that is made public, with its files': async () => {
      const made = await newBucket();
      await made.file('a').save('1', { resumable: false });
      await made.makePublic({ includeFiles: true });
      await made.file('b').save('2', { resumable: false });
      for (const name of ['a', 'b']) assert.deepEqual(await made.file(name).isPublic(), [true]);
      await answers(await anonymous(made, ''), 200, /<Key>a<\/Key>/);
      await answers(await anonymous(made, 'missing'), 404, /NoSuchKey/);
      await made.makePrivate({ includeFiles: true });
      for (const name of ['a', 'b']) assert.deepEqual(await made.file(name).isPublic(), [false]);
      await answers(await anonymous(made, ''), 403);
    },
    'is what the policy gives to everybody where access is uniform': async () => {
      const made = await newBucket({ iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } });
      await made.file('a').save('1', { resumable: false });
      assert.deepEqual(await made.file('a').isPublic(), [false]);
      await made.iam.setPolicy({ bindings: [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }] });
      assert.deepEqual(await made.file('a').isPublic(), [true]);
    },
    'is an object that is uploaded as public-read': async () => {
      const target = file();
      const put = await request(`/${bucket.name}/${target.name}`, {
        ...{ method: 'PUT', body: 'x', headers: { 'x-goog-acl': 'public-read' } },
      });
      await answers(put, 200);
      assert.deepEqual(await target.isPublic(), [true]);
    },
  });
  return all;
}
