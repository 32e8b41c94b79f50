import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

export function access({ newBucket, saved, bucket, request }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const uniform = () => newBucket({ iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } });
  const binding = { role: 'roles/storage.objectViewer', members: ['user:someone@example.com'] };

  method('buckets.getIamPolicy', {
    'gives what new buckets have': async () => {
      const [policy] = await (await newBucket()).iam.getPolicy();
      assert.ok(policy.bindings.some(({ role }) => role === 'roles/storage.legacyBucketOwner'));
      assert.ok(policy.etag);
    },
  });

  method('buckets.setIamPolicy', {
    'sets the policy and changes its etag': async () => {
      const made = await newBucket();
      const [policy] = await made.iam.getPolicy();
      policy.bindings.push({ role: 'roles/storage.objectViewer', members: [`projectViewer:${world.project}`] });
      await made.iam.setPolicy(policy);
      const [after] = await made.iam.getPolicy();
      assert.ok(after.bindings.some(({ role }) => role === 'roles/storage.objectViewer'));
      assert.notEqual(after.etag, policy.etag);
    },
    'brings bindings of one role together': async () => {
      const made = await newBucket();
      const [{ bindings }] = await made.iam.getPolicy();
      const role = 'roles/storage.legacyBucketReader';
      const [policy] = await made.iam.setPolicy({
        bindings: [...bindings, { role, members: ['user:ann@example.com'] }],
      });
      const readers = policy.bindings.filter((each) => each.role === role);
      assert.deepEqual(
        readers.map(({ members }) => members),
        [[`projectViewer:${world.project}`, 'user:ann@example.com']],
      );
    },
    'refuses an etag that is old': async () => {
      const made = await newBucket();
      const [policy] = await made.iam.getPolicy();
      await made.iam.setPolicy({ ...policy });
      await fails(made.iam.setPolicy({ ...policy }), 412);
    },
    'refuses what is no role': async () => {
      await fails((await newBucket()).iam.setPolicy({ bindings: [{ role: 'viewer', members: [] }] }), 400);
    },
    'takes conditions in version 3 with uniform access only': async () => {
      const condition = { title: 'soon', expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' };
      const policy = { version: 3, bindings: [{ ...binding, condition }] };
      await fails((await newBucket()).iam.setPolicy(policy), 400);
      if (world.endpoint === undefined) return;
      const made = await uniform();
      await made.iam.setPolicy(policy);
      const [found] = await made.iam.getPolicy({ requestedPolicyVersion: 3 });
      assert.equal(found.version, 3);
    },
  });

  method('public access prevention', {
    'keeps everybody out of policies and access control lists': async () => {
      const made = await newBucket({ iamConfiguration: { publicAccessPrevention: 'enforced' } });
      const file = made.file('x');
      await file.save('1', { resumable: false });
      const everybody = { role: 'roles/storage.objectViewer', members: ['allUsers'] };
      await fails(made.iam.setPolicy({ bindings: [everybody] }), 412, /public access prevention/);
      await fails(made.makePublic(), 412, /public access prevention/);
      await fails(file.makePublic(), 412, /public access prevention/);
      const save = made.file('y').save('1', { resumable: false, predefinedAcl: 'publicRead' });
      await fails(save, 412, /public access prevention/);
    },
    'takes back what everybody could read': async () => {
      const made = await newBucket();
      const file = made.file('x');
      await file.save('1', { resumable: false, public: true });
      assert.deepEqual(await file.isPublic(), [true]);
      await made.setMetadata({ iamConfiguration: { publicAccessPrevention: 'enforced' } });
      assert.deepEqual(await file.isPublic(), [false]);
    },
  });

  method('buckets.testIamPermissions', {
    'tells what the caller may do': async () => {
      const [allowed] = await bucket.iam.testPermissions(['storage.objects.get', 'storage.buckets.get']);
      assert.equal(allowed['storage.buckets.get'], true);
    },
    'refuses what is no permission': () => fails(bucket.iam.testPermissions(['everything']), 400),
  });

  method('uniform bucket-level access', {
    'is off at first, and says until when it can be undone': async () => {
      const made = await newBucket();
      assert.equal((await made.getMetadata())[0].iamConfiguration?.uniformBucketLevelAccess?.enabled, false);
      await made.setMetadata({ iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } });
      const { uniformBucketLevelAccess } = (await made.getMetadata())[0].iamConfiguration ?? {};
      assert.equal(uniformBucketLevelAccess?.enabled, true);
      assert.ok(uniformBucketLevelAccess?.lockedTime);
    },
    'refuses to read access control lists': async () => {
      const made = await uniform();
      await fails(made.acl.get(), 400, /uniform bucket-level access/);
      await made.file('x').save('1', { resumable: false });
      await fails(made.file('x').acl.get(), 400, /uniform bucket-level access/);
    },
    'refuses to change access control lists': async () => {
      const made = await uniform();
      await fails(made.acl.add({ entity: 'allUsers', role: 'READER' }), 400, /uniform bucket-level access/);
      await fails(made.acl.default.add({ entity: 'allUsers', role: 'READER' }), 400, /uniform bucket-level access/);
    },
    'refuses an object with a predefined access control list': async () => {
      const made = await uniform();
      const save = made.file('x').save('1', { resumable: false, predefinedAcl: 'publicRead' });
      await fails(save, 400, /Cannot insert legacy ACL/);
    },
  });

  if (world.endpoint !== undefined) {
    method('what is refused by name', {
      'batch requests': async () => {
        await answers(await request('/batch/storage/v1', { method: 'POST' }), 501, /batch/);
      },
      'keys of the customer': async () => {
        const file = (await saved()).setEncryptionKey(Buffer.alloc(32));
        await fails(file.save('1', { resumable: false }), 501, /encryption/);
        const headers = { 'x-goog-encryption-algorithm': 'AES256' };
        const put = request(`/${bucket.name}/${file.name}`, { method: 'PUT', body: '1', headers });
        await answers(await put, 501, /x-goog-encryption-algorithm/);
      },
      'copies and locks of the XML API': async () => {
        const { name } = await saved();
        for (const header of ['x-goog-copy-source', 'x-goog-object-lock-mode']) {
          const headers = { [header]: `${bucket.name}/${name}` };
          const put = request(`/${bucket.name}/${name}-2`, { method: 'PUT', headers });
          await answers(await put, 501, new RegExp(header));
        }
      },
      'websites, requester pays, logging and autoclass': async () => {
        for (const settings of [{ website: { mainPageSuffix: 'x' } }, { billing: { requesterPays: true } }]) {
          await fails(newBucket(settings), 501, /bucket\.(website|billing)/);
        }
      },
      'restoring what was softly deleted': async () => {
        const { name } = await saved();
        const path = `/storage/v1/b/${bucket.name}/o/${name}/restore?generation=1`;
        await answers(await request(path, { method: 'POST' }), 501, /restore/);
      },
      'multipart uploads of the XML API': async () => {
        await answers(await request(`/${bucket.name}/x?uploads`, { method: 'POST' }), 501, /uploads/);
      },
    });
  }
  return all;
}
