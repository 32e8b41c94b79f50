import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { createApiClient } from '../cli/api-client.ts';
import type { ReadyTest } from '../cli/read-tests.ts';
import { storeTests } from '../cli/store-tests.ts';
import type { SuiteCloud } from './suite-cloud.ts';

const test = (name: string, text = name) => `test: ${name}\ndo:\n  - note: ${text}\n`;

/** Files that the command line has stored before, and stores again. */
export function storedFiles(suite: () => SuiteCloud): void {
  const files: Record<string, string> = {
    'known/a.yaml': test('A'),
    'known/b.yaml': test('B'),
    'known/ü c.yaml': test('C'),
    'known/several.yaml': `${test('D')}---\n${test('E')}`,
  };
  const names = ['A', 'B', 'D', 'E', 'C'];
  const readyTests = (): ReadyTest[] =>
    Object.entries(files)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, source]) =>
        [...source.matchAll(/test: (.+)/g)].map(([, title = '']) => ({
          file: { path: `/${name}`, name, root: '/' },
          bytes: Buffer.from(source),
          definition: { name: title } as TestDefinition,
          inSuite: source.includes('---'),
        })),
      );
  const store = async () => {
    const { origin, apiKey } = suite().cloud;
    const { signal } = new AbortController();
    return await storeTests(createApiClient(origin, apiKey), readyTests(), { signal });
  };
  const bucket = () => suite().google.storage.bucket('virtuoso-tests');
  /** The generations of the files' objects, by their names. */
  const generations = async () => {
    const [objects] = await bucket().getFiles({ prefix: 'tests/usr_bootstrap/known/' });
    return Object.fromEntries(
      objects.map(({ name, metadata }) => [name.replace('tests/usr_bootstrap/', ''), String(metadata.generation)]),
    );
  };
  /** Names of the files that are uploaded when all are stored. */
  const uploaded = async () => {
    const before = await generations();
    const { ids } = await store();
    const after = await generations();
    const stored = await Promise.all(ids.map((id) => suite().google.firestore.doc(`tests/${id}`).get()));
    assert.deepEqual(
      stored.map((document) => document.get('name')),
      names,
    );
    return Object.keys(files).filter((name) => after[name] !== before[name]);
  };
  const digestOf = (source: string) => createHash('sha256').update(source).digest('hex');
  const lookUp = async (asked: Record<string, string>) => {
    const body = { files: Object.entries(asked).map(([name, source]) => ({ name, digest: digestOf(source) })) };
    const answer = await suite().call('POST', '/v1/tests/lookup', body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return (answer.body as { items: { status: string }[] }).items.map(({ status }) => status);
  };

  it('are uploaded the first time, and none of them the second', async () => {
    assert.deepEqual(await uploaded(), Object.keys(files));
    const versions = async () => {
      const found = suite().google.firestore.collection('tests').where('name', 'in', names);
      return (await found.get()).docs.map((document) => [document.id, document.get('version')]);
    };
    const before = await versions();
    assert.deepEqual(await uploaded(), []);
    assert.deepEqual(await versions(), before);
  });

  it('are uploaded alone when they have changed', async () => {
    files['known/b.yaml'] = test('B', 'new');
    assert.deepEqual(await uploaded(), ['known/b.yaml']);
    files['known/several.yaml'] = `${test('D', 'new')}---\n${test('E')}`;
    assert.deepEqual(await uploaded(), ['known/several.yaml']);
    assert.deepEqual(await uploaded(), []);
  });

  it('are uploaded again when they were deleted', async () => {
    const { ids } = await store();
    assert.equal((await suite().call('DELETE', `/v1/tests/${ids[0]}`)).status, 204);
    assert.deepEqual(await uploaded(), ['known/a.yaml']);
    await bucket().file('tests/usr_bootstrap/known/ü c.yaml').delete();
    assert.deepEqual(await uploaded(), ['known/ü c.yaml']);
    assert.deepEqual(await uploaded(), []);
  });

  it('are uploaded again when another file was put in their place, whether it is a test or none', async () => {
    const object = bucket().file('tests/usr_bootstrap/known/a.yaml');
    await object.save(test('A', 'of somebody else'), { resumable: false });
    assert.deepEqual(await uploaded(), ['known/a.yaml']);
    await object.save('blocks:\n  log in: [c: Log in]\n', { resumable: false });
    await suite().cloud.settle();
    assert.deepEqual(await uploaded(), ['known/a.yaml']);
  });

  it('are not known when another reader has made tests of them', async () => {
    const { ids } = await store();
    await suite().google.firestore.doc(`tests/${ids[0]}`).update({ 'source.reader': '0.0.1' });
    assert.deepEqual(await uploaded(), ['known/a.yaml']);
  });

  it('are never known when they take in other files, which may change alone', async () => {
    const { upload } = suite();
    const taking = 'test: Takes in\ninclude: blocks.yaml\ndo:\n  - use: look\n';
    await bucket()
      .file('tests/usr_bootstrap/taken/blocks.yaml')
      .save('blocks:\n  look:\n    - note: one\n', { resumable: false });
    await upload('taken/in.yaml', taking);
    await upload('taken/alone.yaml', test('Alone'));
    const asked = { 'taken/in.yaml': taking, 'taken/alone.yaml': test('Alone'), 'taken/none.yaml': taking };
    assert.deepEqual(await lookUp(asked), ['unknown', 'ready', 'unknown']);
  });

  it('are refused by names that lead elsewhere, and more than five hundred of them', async () => {
    const file = { name: 'a.yaml', digest: digestOf('') };
    const ask = async (asked: object[]) => (await suite().call('POST', '/v1/tests/lookup', { files: asked })).status;
    assert.deepEqual([await ask([{ ...file, name: '../a.yaml' }]), await ask(Array(501).fill(file))], [400, 400]);
    assert.equal(await ask(Array(500).fill(file)), 200);
  });
}
