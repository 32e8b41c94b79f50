import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, fails, metadataOf, type Resource } from './clients.ts';

const HOUR_MS = 3_600_000;

export function datasets({ bigquery, newDataset, id, request }: Clients, { project }: World): readonly Behaviour[] {
  const { method, all } = collector();

  method('datasets.insert', {
    'gives back the dataset with what Google adds': async () => {
      const made = await newDataset();
      const metadata = made.metadata as Resource;
      assert.equal(metadata.kind, 'bigquery#dataset');
      assert.equal(metadata.id, `${project}:${made.id}`);
      assert.deepEqual(metadata.datasetReference, { projectId: project, datasetId: made.id });
      assert.equal(metadata.location, 'US');
      assert.ok(metadata.etag);
      assert.match(String(metadata.selfLink), new RegExp(`/projects/${project}/datasets/${made.id}$`));
      assert.ok(Math.abs(Number(metadata.creationTime) - Number(metadata.lastModifiedTime)) < 1000);
    },
    'takes a location, a name, a description, labels and the life of tables': async () => {
      const given = {
        ...{ location: 'EU', friendlyName: 'A name', description: 'what is in it', labels: { team: 'qa' } },
        defaultTableExpirationMs: String(HOUR_MS),
      };
      const metadata = await metadataOf(await newDataset(given));
      for (const [key, value] of Object.entries(given)) assert.deepEqual(metadata[key], value);
    },
    'lets its owners in when nobody is named': async () => {
      const access = (await metadataOf(await newDataset())).access as Resource[];
      assert.ok(access.some(({ role, specialGroup }) => role === 'OWNER' && specialGroup === 'projectOwners'));
      assert.ok(access.some(({ role, specialGroup }) => role === 'READER' && specialGroup === 'projectReaders'));
    },
    'refuses an id that is taken': async () => {
      const made = await newDataset();
      await fails(bigquery.createDataset(made.id ?? ''), 'duplicate', /Already Exists: Dataset/);
    },
    'refuses an id with a hyphen': () => fails(bigquery.createDataset('not-an-id'), 'invalid', /Invalid dataset ID/),
    'refuses to let tables live for less than an hour': () =>
      fails(newDataset({ defaultTableExpirationMs: '1000' }), 'invalid'),
    'refuses a label with capitals': () => fails(newDataset({ labels: { Team: 'qa' } }), 'invalid'),
  });

  method('datasets.get', {
    'finds a dataset': async () => {
      const made = await newDataset();
      assert.equal((await metadataOf(bigquery.dataset(made.id ?? ''))).id, `${project}:${made.id}`);
      assert.deepEqual(await made.exists(), [true]);
    },
    'answers notFound for a dataset that does not exist': async () => {
      const none = bigquery.dataset(id('none'));
      await fails(none.getMetadata(), 'notFound', /Not found: Dataset/);
      assert.deepEqual(await none.exists(), [false]);
    },
    'gives the same etag until the dataset changes': async () => {
      const made = await newDataset();
      const { etag } = await metadataOf(made);
      assert.equal((await metadataOf(made)).etag, etag);
      await made.setMetadata({ description: 'changed' });
      assert.notEqual((await metadataOf(made)).etag, etag);
    },
  });

  method('datasets.list', {
    'lists a dataset with its location and labels': async () => {
      const made = await newDataset({ labels: { team: 'qa' }, friendlyName: 'A name' });
      const [found] = await bigquery.getDatasets();
      const metadata = found.find((each) => each.id === made.id)?.metadata as Resource;
      assert.equal(metadata.location, 'US');
      assert.deepEqual(metadata.labels, { team: 'qa' });
      assert.equal(metadata.friendlyName, 'A name');
      assert.equal(metadata.kind, 'bigquery#dataset');
    },
    'goes on where a page ended': async () => {
      await newDataset();
      const page = async (pageToken?: string) => {
        const qs = { maxResults: 1, ...(pageToken ? { pageToken } : {}) };
        return (await request('/datasets', { qs })) as { datasets: { id: string }[]; nextPageToken?: string };
      };
      const first = await page();
      assert.equal(first.datasets.length, 1);
      assert.ok(first.nextPageToken);
      assert.notEqual((await page(first.nextPageToken)).datasets[0]?.id, first.datasets[0]?.id);
    },
    'finds those with a label': async () => {
      const value = id('v').toLowerCase();
      const made = await newDataset({ labels: { only: value, other: 'x' } });
      const ids = async (filter: string) => (await bigquery.getDatasets({ filter }))[0].map((each) => each.id);
      assert.deepEqual(await ids(`labels.only:${value}`), [made.id]);
      assert.deepEqual(await ids(`labels.only:${value} labels.other:y`), []);
      assert.ok((await ids('labels.only')).includes(made.id));
    },
    'refuses a page token that is none': () => fails(request('/datasets', { qs: { pageToken: '!' } }), 'invalid'),
  });

  method('datasets.patch', {
    'changes what is named and keeps the rest': async () => {
      const made = await newDataset({ description: 'first', friendlyName: 'kept' });
      await made.setMetadata({ description: 'second' });
      const { description, friendlyName } = await metadataOf(made);
      assert.deepEqual({ description, friendlyName }, { description: 'second', friendlyName: 'kept' });
    },
    'merges labels and removes one by null': async () => {
      const made = await newDataset({ labels: { a: '1', b: '2' } });
      await request(`/datasets/${made.id}`, { method: 'PATCH', json: { labels: { a: null, c: '3' } } });
      assert.deepEqual((await metadataOf(made)).labels, { b: '2', c: '3' });
    },
    'removes a description by null': async () => {
      const made = await newDataset({ description: 'first' });
      await request(`/datasets/${made.id}`, { method: 'PATCH', json: { description: null } });
      assert.equal((await metadataOf(made)).description, undefined);
    },
    'refuses a change that was made for another version': async () => {
      const made = await newDataset();
      const { etag } = await metadataOf(made);
      await made.setMetadata({ description: 'first', etag: String(etag) });
      await fails(made.setMetadata({ description: 'second', etag: String(etag) }), 'conditionNotMet');
    },
    'answers notFound for a dataset that does not exist': () =>
      fails(bigquery.dataset(id('none')).setMetadata({ description: 'x' }), 'notFound'),
  });

  method('datasets.update', {
    'sets the whole dataset': async () => {
      const made = await newDataset({ description: 'first', labels: { a: '1' } });
      const datasetReference = { projectId: project, datasetId: made.id };
      await request(`/datasets/${made.id}`, { method: 'PUT', json: { datasetReference, friendlyName: 'new' } });
      const { description, labels, friendlyName } = await metadataOf(made);
      assert.deepEqual([description, labels, friendlyName], [undefined, undefined, 'new']);
    },
  });

  method('datasets.delete', {
    'removes an empty dataset': async () => {
      const made = await newDataset();
      await made.delete();
      assert.deepEqual(await made.exists(), [false]);
    },
    'refuses a dataset with tables, unless it is told to remove them': async () => {
      const made = await newDataset();
      await made.createTable('t', { schema: 'a:INTEGER' });
      await fails(made.delete(), 'resourceInUse', /still in use/);
      await made.delete({ force: true });
      assert.deepEqual(await made.exists(), [false]);
    },
    'answers notFound for a dataset that does not exist': () =>
      fails(bigquery.dataset(id('none')).delete(), 'notFound', /Not found: Dataset/),
  });
  return all;
}
