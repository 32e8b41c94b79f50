import assert from 'node:assert/strict';
import { Storage } from '@google-cloud/storage';
import { startBareCloud } from '../../conformance/bare-cloud.ts';
import { provisionBuckets } from './provision-http.ts';

describe('the buckets of a local cloud', function () {
  this.timeout(60_000);

  it('are closed to everybody as they are when they are deployed, also those of an earlier version', async () => {
    const cloud = await startBareCloud();
    try {
      const storage = new Storage({ projectId: 'virtuoso-local', apiEndpoint: cloud.origin });
      await storage.createBucket('before');
      const buckets = [
        { name: 'before', lifecycle: [] },
        { name: 'after', lifecycle: [] },
      ];
      const where = { origin: cloud.origin, project: 'virtuoso-local', region: 'us-central1', resources: { buckets } };
      await provisionBuckets(where as unknown as Parameters<typeof provisionBuckets>[0]);
      for (const { name } of buckets) {
        const [{ iamConfiguration }] = await storage.bucket(name).getMetadata();
        assert.equal(iamConfiguration?.uniformBucketLevelAccess?.enabled, true, name);
        assert.equal(iamConfiguration?.publicAccessPrevention, 'enforced', name);
      }
    } finally {
      await cloud.close();
    }
  });
});
