import assert from 'node:assert/strict';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Stage } from './stage.ts';

const TYPE = 'google.cloud.storage.object.v1.';

/** What functions on a bucket get of its objects. */
export function objects({ cloud, google, mark, told, heard, answers }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  const { storage } = google;
  const file = (bucket = 'files') => storage.bucket(bucket).file(`folder/${mark()}.txt`);
  const markOf = (name: string) => name.slice('folder/'.length, -'.txt'.length);
  const toldOf = async (name: string) => {
    await cloud.settle();
    return told(markOf(name))
      .map((got) => `${got.function} ${got.event.type?.replace(TYPE, '')}`)
      .sort();
  };
  method('object finalized', {
    'is told when an object is written, with its resource': async () => {
      const object = file();
      await object.save('abc', { contentType: 'text/plain', metadata: { metadata: { own: 'yes' } } });
      const [got = assert.fail()] = await heard(markOf(object.name), 'on-object-finalized');
      const { bucket, name, size, contentType, metadata, generation } = got.data;
      assert.deepEqual([bucket, name, size, contentType], ['files', object.name, '3', 'text/plain']);
      assert.deepEqual(metadata, { own: 'yes' });
      assert.match(String(generation), /^\d+$/);
      assert.deepEqual(await toldOf(object.name), ['on-object-finalized finalized']);
    },
    'is a CloudEvent with the attributes of Cloud Storage': async () => {
      const object = file();
      await object.save('abc');
      const { event } = (await heard(markOf(object.name), 'on-object-finalized'))[0] ?? assert.fail();
      assert.deepEqual(
        [event.specversion, event.type, event.source, event.subject, event.bucket],
        [
          '1.0',
          `${TYPE}finalized`,
          '//storage.googleapis.com/projects/_/buckets/files',
          `objects/${object.name}`,
          'files',
        ],
      );
    },
    'is told again when it is written anew, with another generation': async () => {
      const object = file();
      await object.save('one');
      await object.save('two!');
      const got = await heard(markOf(object.name), 'on-object-finalized', 2);
      assert.equal(new Set(got.map(({ data }) => data.generation)).size, 2);
      assert.deepEqual(got.map(({ data }) => data.size).sort(), ['3', '4']);
    },
    'is told of a copy': async () => {
      const [object, copy] = [file(), file()];
      await object.save('abc');
      await object.copy(copy);
      assert.deepEqual(await toldOf(copy.name), ['on-object-finalized finalized']);
    },
    'is told to no function on another bucket': async () => {
      const object = file('versions');
      await object.save('abc');
      assert.deepEqual(await toldOf(object.name), []);
    },
  });
  method('object deleted', {
    'is told when it is deleted': async () => {
      const object = file();
      await object.save('abc');
      await object.delete();
      assert.deepEqual(await toldOf(object.name), ['on-object-deleted deleted', 'on-object-finalized finalized']);
    },
    'is told of the generation that is overwritten': async () => {
      const object = file();
      await object.save('one');
      await object.save('two!');
      const [got] = await heard(markOf(object.name), 'on-object-deleted');
      assert.equal(got?.data.size, '3');
    },
    'is told of a generation of a bucket with versions only when that is deleted for good': async () => {
      const object = file('versions');
      await object.save('abc');
      const { generation } = object.metadata;
      await object.delete();
      assert.deepEqual(await toldOf(object.name), ['on-object-archived archived']);
      await storage
        .bucket('versions')
        .file(object.name, { generation: Number(generation) })
        .delete();
      assert.deepEqual(await toldOf(object.name), ['on-object-archived archived', 'on-version-deleted deleted']);
    },
  });
  method('object archived', {
    'is told when a bucket with versions keeps what is overwritten': async () => {
      const object = file('versions');
      await object.save('one');
      await object.save('two!');
      const [got = assert.fail()] = await heard(markOf(object.name), 'on-object-archived');
      assert.deepEqual([got.event.type, got.data.size], [`${TYPE}archived`, '3']);
    },
  });
  method('object metadataUpdated', {
    'is told when it is described anew': async () => {
      const object = file();
      await object.save('abc');
      await object.setMetadata({ metadata: { own: 'new' } });
      const [got = assert.fail()] = await heard(markOf(object.name), 'on-object-metadataupdated');
      assert.deepEqual([got.event.type, got.data.metadata], [`${TYPE}metadataUpdated`, { own: 'new' }]);
      assert.ok(!(await toldOf(object.name)).includes('on-object-deleted deleted'));
    },
  });
  method('object event', {
    'that is not taken comes again under its id': async () => {
      const object = file();
      const word = markOf(object.name);
      answers(word, 500);
      await object.save('abc');
      await heard(word, 'on-object-finalized');
      await until(() => cloud.instances().every(({ active }) => active === 0));
      cloud.clock.advance(10_000);
      const [first, second] = await heard(word, 'on-object-finalized', 2);
      assert.equal(second?.event.id, first?.event.id);
    },
  });
  return all;
}
