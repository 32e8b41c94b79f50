import assert from 'node:assert/strict';
import type { RunEntity } from '../../schemas/entities.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

interface Made {
  readonly id: string;
  readonly token?: string;
}

/** Runs that are started by what happens elsewhere. */
export function triggers(suite: () => SuiteCloud): void {
  let testId: string;
  before(async () => {
    testId = await suite().upload('triggered.yaml', 'test: Triggered\ndo:\n  - note: done\n');
  });
  const make = async (trigger: object): Promise<Made> => {
    const answer = await suite().call('POST', '/v1/triggers', { run: { tests: [testId] }, ...trigger });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body as Made;
  };
  const runsOf = async ({ id }: Made): Promise<RunEntity[]> => {
    await suite().cloud.settle();
    const { docs } = await suite().google.firestore.collection('runs').where('started_by', '==', id).get();
    return docs.map((document) => document.data() as RunEntity);
  };

  it('a message with the token of a trigger starts its run, once however often it is delivered', async () => {
    const { call, google, ended, cloud } = suite();
    const match = { attributes: { branch: 'release/*' }, data: { 'build.status': 'SUCCESS' } };
    const made = await make({ name: 'Deployed', on: 'message', match });
    const topic = google.pubsub.topic('run-requests');
    const publish = (attributes: object, json: object = { build: { status: 'SUCCESS' } }) =>
      topic.publishMessage({ attributes: { trigger: made.id, token: made.token ?? '', ...attributes }, json });
    await Promise.all([
      publish({ branch: 'release/1', token: 'vtt_guessed' }),
      publish({ branch: 'main' }),
      publish({ branch: 'release/1' }, { build: { status: 'FAILURE' } }),
      topic.publishMessage({ data: Buffer.from('nothing') }),
    ]);
    assert.deepEqual(await runsOf(made), []);
    for (const _ of [1, 2]) await publish({ branch: 'release/1', 'ce-id': 'build-7' });
    const run = only(await runsOf(made));
    assert.deepEqual([run.trigger, (await ended(run.id)).status], ['event', 'passed']);
    await call('PATCH', `/v1/triggers/${made.id}`, { active: false });
    await publish({ branch: 'release/2' });
    only(await runsOf(made));
    await call('DELETE', `/v1/triggers/${made.id}`);
    await cloud.settle();
  });

  it('an object that lands starts the runs of those triggers of its user that are for it', async () => {
    const { call, google, ended } = suite();
    const made = await make({ name: 'Built', on: 'object', path: 'builds/**/*.zip' });
    const bucket = google.storage.bucket('virtuoso-tests');
    const land = (name: string) => bucket.file(name).save('PK');
    for (const name of ['builds/readme.zip.md', 'other/app.zip']) await land(`tests/usr_bootstrap/${name}`);
    await land('tests/usr_somebody/builds/app.zip');
    assert.deepEqual(await runsOf(made), []);
    await land('tests/usr_bootstrap/builds/1/app.zip');
    const run = only(await runsOf(made));
    assert.deepEqual([run.trigger, (await ended(run.id)).status], ['event', 'passed']);
    await land('tests/usr_bootstrap/builds/1/app.zip');
    assert.equal((await runsOf(made)).length, 2, 'a new generation is another object');
    assert.equal((await call('GET', '/v1/triggers?active=true')).status, 200);
    await call('DELETE', `/v1/triggers/${made.id}`);
  });
}
