import assert from 'node:assert/strict';
import type { RunEntity, TestEntity } from '../../schemas/entities.ts';
import { testIdOf } from '../../shared/domain/tests.ts';
import { snapshotOf } from './snapshot.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

interface Refused {
  readonly source: string | Uint8Array;
  readonly status: number;
  readonly detail: RegExp;
  /** The first error: line and column, and words of its hint. */
  readonly at?: readonly [line: number, column: number];
  readonly hint?: RegExp;
}

const refused: Readonly<Record<string, Refused>> = {
  'YAML that is broken': { source: 'name: A\nsteps:\n  - click: [Save\n', status: 422, detail: /Line \d/ },
  'an unknown key': {
    source: 'name: A\nsteps: [{ click: Save }]\ntagz: [smoke]\n',
    ...{ status: 422, detail: /unknown key 'tagz'/, at: [3, 1], hint: /tags/ },
  },
  'an unknown command': {
    source: 'name: A\nsteps:\n  - clik: Save\n',
    ...{ status: 422, detail: /clik/, at: [3, 5], hint: /click/ },
  },
  'two forms at once': {
    source: 'test: A\ndo: [{ c: Save }]\nsteps: [{ click: Save }]\nname: A\n',
    ...{ status: 422, detail: /compact.*simplified|simplified.*compact/s },
  },
  'an empty file': { source: '', status: 422, detail: /empty/ },
  'a binary file': {
    source: Uint8Array.from({ length: 3000 }, (_, i) => (i * 37) % 256),
    status: 422,
    detail: /text|UTF-8|binary/,
  },
  'a file of 20 MB': { source: new Uint8Array(20 * 1024 * 1024).fill(35), status: 413, detail: /at most 10485760/ },
};

/** Files that are no tests. */
export function badInput(suite: () => SuiteCloud): void {
  for (const [name, { source, status, detail, at, hint }] of Object.entries(refused)) {
    it(`${name} is refused as a problem, and nothing is stored`, async () => {
      const { call, google } = suite();
      const before = await snapshotOf(google);
      const answer = await call('POST', '/v1/tests?name=bad.yaml', source);
      const problem = answer.body as { detail: string; errors?: { line: number; column: number; hint?: string }[] };
      assert.equal(answer.status, status, JSON.stringify(problem));
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      assert.match(problem.detail, detail);
      const [first] = problem.errors ?? [];
      if (status === 422) assert.ok(first && first.line > 0 && first.column > 0 && first.hint, JSON.stringify(first));
      if (at) assert.deepEqual([first?.line, first?.column], at);
      if (hint) assert.match(first?.hint ?? '', hint);
      assert.deepEqual(await snapshotOf(google), before);
    });
  }

  it('a wrong file that is put into the bucket is a test that is invalid, and says why', async () => {
    const { cloud, google, lines, call } = suite();
    const name = 'tests/usr_bootstrap/straight.yaml';
    const subscription = 'rejected-tests';
    await google.pubsub.createSubscription('test-events', subscription, {
      filter: 'attributes.type = "test.rejected"',
    });
    await google.storage
      .bucket('virtuoso-tests')
      .file(name)
      .save('name: A\nsteps:\n  - clik: Save\n', { resumable: false });
    await cloud.settle();
    const id = testIdOf('virtuoso-tests', name);
    const test = (await google.firestore.doc(`tests/${id}`).get()).data() as TestEntity;
    assert.equal(test.status, 'invalid');
    const diagnostic = only(test.diagnostics);
    assert.deepEqual([diagnostic.line, diagnostic.column], [3, 5]);
    const event = only(await pulled(suite(), subscription));
    assert.deepEqual(event.data, { user_id: 'usr_bootstrap', test_id: id, name: 'straight.yaml', problems: 1 });
    const run = await call('POST', '/v1/runs', { tests: [id] });
    assert.equal(run.status, 422);
    assert.deepEqual(
      lines.filter((line) => line.severity === 'ERROR' && line['logging.googleapis.com/trace']),
      [],
    );
  });

  it('a good file whose metadata says so is run as soon as it lies in the bucket', async () => {
    const { cloud, google, ended } = suite();
    const name = 'tests/usr_bootstrap/at-once.yaml';
    const source = 'name: At once\nsteps: [{ comment: Nothing to do }]\n';
    const metadata = { metadata: { run: 'on-upload' } };
    await google.storage.bucket('virtuoso-tests').file(name).save(source, { resumable: false, metadata });
    await cloud.settle();
    const { docs } = await google.firestore.collection('runs').where('trigger', '==', 'upload').get();
    const runs = docs.map((document) => document.data() as RunEntity);
    const test = testIdOf('virtuoso-tests', name);
    const run = only(runs.filter(({ selection }) => selection.tests.includes(test)));
    assert.equal((await ended(run.id)).status, 'passed');
  });
}

async function pulled({ cloud }: SuiteCloud, name: string) {
  const { pullOnce, subscriberClient } = await import('../local/pubsub/client.ts');
  const raw = subscriberClient(cloud.port);
  const messages = await pullOnce(raw, name, 100);
  await raw.close();
  return messages.map(
    ({ message }) => JSON.parse(Buffer.from(message?.data as Uint8Array).toString('utf8')) as { data: unknown },
  );
}
