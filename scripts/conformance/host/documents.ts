import assert from 'node:assert/strict';
import { decodeDocumentEvent } from '../../../shared/runtime/document-event.ts';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Stage, Told } from './stage.ts';

const TYPE = 'google.cloud.firestore.document.v1.';

/** What functions on a collection get of its documents. */
export function documents({ cloud, google, mark, told, heard, answers }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  const { firestore } = google;
  const thing = () => firestore.doc(`things/${mark()}`);
  const dataOf = ({ data }: Told) => decodeDocumentEvent(Buffer.from(data.base64 ?? '', 'base64'));
  /** The functions that were told of the document, and of what, once all is done. */
  const toldOf = async (id: string) => {
    await cloud.settle();
    return told(id)
      .map((got) => `${got.function} ${got.event.type?.replace(TYPE, '')}`)
      .sort();
  };
  /** What one function was told of the latest change of the document. */
  const latest = async (id: string, name: string) => {
    await cloud.settle();
    return told(id, name).at(-1) ?? assert.fail(`${name} was told nothing`);
  };
  method('document created', {
    'is told to those on created and on written': async () => {
      const document = thing();
      await document.create({ a: 1 });
      assert.deepEqual(await toldOf(document.id), ['on-created created', 'on-written written']);
    },
    'brings the fields, and none from before': async () => {
      const document = thing();
      await document.create({ text: 'ä', n: 7, list: [true, null] });
      const { before, after } = dataOf(await latest(document.id, 'on-created'));
      assert.equal(before, undefined);
      assert.deepEqual(Object.keys(after ?? {}).sort(), ['list', 'n', 'text']);
    },
    'is a CloudEvent with the attributes of Firestore': async () => {
      const document = thing();
      await document.create({ a: 1 });
      const { event } = await latest(document.id, 'on-created');
      assert.deepEqual(
        [event.specversion, event.type, event.source, event.subject],
        [
          '1.0',
          `${TYPE}created`,
          '//firestore.googleapis.com/projects/virtuoso-local/databases/(default)',
          `documents/things/${document.id}`,
        ],
      );
      assert.deepEqual(
        [event.database, event.document, event.project, event.namespace, event.location],
        ['(default)', `things/${document.id}`, 'virtuoso-local', '(default)', 'us-central1'],
      );
      assert.ok(Math.abs(Date.parse(event.time ?? '') - cloud.clock.now()) < 600_000);
    },
    'of a name beyond ASCII is named in percent-encoding, as headers of CloudEvents are': async () => {
      const word = mark();
      await firestore.doc(`things/${word} ä%`).create({ a: 1 });
      assert.equal((await latest(word, 'on-created')).event.document, `things/${word}%20%C3%A4%25`);
    },
  });
  method('document updated', {
    'is told to those on updated and on written, with the fields before and after': async () => {
      const document = thing();
      await document.create({ a: 'old' });
      await cloud.settle();
      await document.update({ a: 'new' });
      const { before, after } = dataOf(await latest(document.id, 'on-updated'));
      assert.deepEqual(
        [JSON.stringify(before), JSON.stringify(after)].map((text) => /old|new/.exec(text)?.[0]),
        ['old', 'new'],
      );
      assert.deepEqual(await toldOf(document.id), [
        'on-created created',
        'on-updated updated',
        'on-written written',
        'on-written written',
      ]);
    },
    'is what setting one that is there is, too': async () => {
      const document = thing();
      await document.set({ a: 1 });
      await document.set({ a: 2 });
      assert.ok((await toldOf(document.id)).includes('on-updated updated'));
    },
    'is not told when nothing has changed': async () => {
      const document = thing();
      await document.set({ a: 1 });
      await document.set({ a: 1 });
      assert.deepEqual(await toldOf(document.id), ['on-created created', 'on-written written']);
    },
  });
  method('document deleted', {
    'is told to those on deleted and on written, with the fields before': async () => {
      const document = thing();
      await document.create({ a: 1 });
      await cloud.settle();
      await document.delete();
      const { before, after } = dataOf(await latest(document.id, 'on-deleted'));
      assert.deepEqual([Object.keys(before ?? {}), after], [['a'], undefined]);
      assert.ok(!(await toldOf(document.id)).includes('on-updated updated'));
    },
    'is not told of one that was not there': async () => {
      const document = thing();
      await document.delete();
      assert.deepEqual(await toldOf(document.id), []);
    },
  });
  method('document filter', {
    'lets no document of another collection through': async () => {
      const word = mark();
      await firestore.doc(`others/${word}`).create({ a: 1 });
      assert.deepEqual(await toldOf(word), []);
    },
    'lets no document of a collection below through': async () => {
      const word = mark();
      await firestore.doc(`things/a/things/${word}`).create({ a: 1 });
      assert.deepEqual(await toldOf(word), []);
    },
    'lets every document of a commit through, and none of one that failed': async () => {
      const word = mark();
      const batch = firestore.batch();
      for (const n of [1, 2, 3]) batch.create(firestore.doc(`things/${word}-${n}`), { n });
      await batch.commit();
      const failing = firestore.batch();
      failing.create(firestore.doc(`things/${word}-4`), { n: 4 }).create(firestore.doc(`things/${word}-1`), { n: 1 });
      await assert.rejects(failing.commit());
      await cloud.settle();
      assert.deepEqual(
        told(word, 'on-created')
          .map(({ event }) => event.document?.slice(-2))
          .sort(),
        ['-1', '-2', '-3'],
      );
    },
  });
  method('document event', {
    'that is not taken comes again after ten seconds, under its id': async () => {
      const document = thing();
      answers(document.id, 500, 500);
      await document.create({ a: 1 });
      await heard(document.id, 'on-created');
      await heard(document.id, 'on-written');
      await until(() => cloud.instances().every(({ active }) => active === 0));
      cloud.clock.advance(10_000);
      const [first, second] = await heard(document.id, 'on-created', 2);
      assert.equal(second?.event.id, first?.event.id);
      assert.notEqual(first?.event.id, told(document.id, 'on-written')[0]?.event.id);
      await cloud.settle();
      assert.equal(told(document.id, 'on-created').length, 2);
    },
    'that is never taken is a dead letter after five attempts': async () => {
      const document = thing();
      const letters = google.pubsub.topic('dead-letters');
      const [subscription] = await letters.createSubscription(mark());
      answers(document.id, ...Array.from({ length: 20 }, () => 503));
      await document.create({ a: 1 });
      await untilSettled(cloud, () => told(document.id, 'on-created').length >= 5);
      const [attributes] = await new Promise<[Record<string, string>]>((resolve) => {
        subscription.on('message', (message) => {
          message.ack();
          if (message.attributes['ce-document'] !== `things/${document.id}`) return;
          if (message.attributes['ce-type'] === `${TYPE}created`) resolve([message.attributes]);
        });
      });
      await subscription.close();
      assert.equal(attributes.CloudPubSubDeadLetterSourceDeliveryCount, '5');
      assert.equal(attributes.CloudPubSubDeadLetterSourceSubscription, 'eventarc-on-created');
      answers(document.id);
    },
  });
  return all;
}

/** Advances the clock past each backoff until the condition holds. */
async function untilSettled(cloud: Stage['cloud'], holds: () => boolean): Promise<void> {
  await until(() => {
    if (cloud.instances().every(({ active }) => active === 0)) cloud.clock.advance(60_000);
    return holds();
  });
}
