import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import sinon from 'sinon';
import type { ImportedSuite } from '../../shared/domain/suites.ts';
import type { ImportedTest } from '../../shared/domain/tests.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { readerVersion } from '../../shared/test-files/reader-version.ts';
import { appError, aSuite, aTest } from '../testing.ts';
import { importTest } from './handler.ts';

describe('import-test', () => {
  const GOOD = 'test: Log in\ntags: [smoke]\ndo:\n  - nav: https://a.example/\n';
  const object = (more: object = {}) => ({
    eventId: 'e',
    bucket: 'virtuoso-tests',
    name: 'tests/usr_1/shop/login.yaml',
    generation: '7',
    contentType: undefined,
    size: 1,
    metadata: {},
    ...more,
  });
  function bench(source: string | Buffer = GOOD) {
    const files = { get: sinon.stub().resolves(Buffer.from(source)) };
    const tests = { import: sinon.stub().callsFake(async (test: ImportedTest) => aTest(test)) };
    const suites = {
      import: sinon.stub().callsFake(async ({ tests: all, ...suite }: ImportedSuite) => ({
        suite: aSuite(suite),
        tests: all.map((test, at) => aTest({ ...test, id: `tst_${at}`, suite_id: 'sui_1' })),
      })),
    };
    const runs = { create: sinon.stub().resolves(true) };
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const services = withBase({ files, tests, suites, runs, events } as never) as never;
    const published = () => events.publish.args.flatMap(([list]) => list.map(toCloudEvent));
    return { files, tests, suites, runs, published, run: (more: object = {}) => importTest(object(more), services) };
  }

  it('stores what the generation of the event says, and tells', async () => {
    const { files, tests, runs, published, run } = bench();
    await run();
    const most = 10 * 1024 * 1024;
    assert.deepEqual(files.get.args, [['tests/usr_1/shop/login.yaml', { generation: '7', most }]]);
    const [test] = tests.import.firstCall.args as [ImportedTest];
    assert.deepEqual(
      [test.user_id, test.name, test.form, test.status, test.tags],
      ['usr_1', 'Log in', 'compact', 'ready', ['smoke']],
    );
    assert.deepEqual(
      published().map(({ type }) => type),
      ['test.imported'],
    );
    assert.equal(runs.create.callCount, 0);
  });

  it('is not read whole when it is too large, and says so', async () => {
    const { tests, run } = bench(Buffer.alloc(10 * 1024 * 1024 + 1, 'a'));
    await run({ size: 5e9 });
    const [{ status, diagnostics }] = tests.import.firstCall.args as [ImportedTest];
    assert.deepEqual([status, diagnostics[0]?.code], ['invalid', 'file-too-large']);
  });

  it('belongs to the owner in the metadata, where there is one', async () => {
    const { tests, run } = bench();
    await run({ metadata: { owner: 'usr_9' } });
    assert.equal(tests.import.firstCall.args[0].user_id, 'usr_9');
  });

  it('stores a wrong file with its diagnostics, tells that it was rejected, and never runs it', async () => {
    const { tests, runs, published, run } = bench('test: x\ndo:\n  - nva: y\n');
    await run({ metadata: { run: 'on-upload' } });
    const [test] = tests.import.firstCall.args as [ImportedTest];
    assert.deepEqual(
      [test.status, test.name, test.definition, test.content_hash],
      ['invalid', 'shop/login.yaml', null, ''],
    );
    assert.ok(test.diagnostics.length > 0);
    assert.deepEqual(
      published().map(({ type, data }) => [type, data.problems]),
      [['test.rejected', test.diagnostics.length]],
    );
    assert.equal(runs.create.callCount, 0);
  });

  it('stores of a test that no document can hold that it is too large', async () => {
    const { tests, run } = bench(`test: Big\ndo:\n  - note: ${'x'.repeat(1_000_000)}\n`);
    await run();
    const [test] = tests.import.firstCall.args as [ImportedTest];
    assert.deepEqual([test.status, test.definition], ['invalid', null]);
    assert.deepEqual(
      test.diagnostics.map(({ code }) => code),
      ['too-large'],
    );
  });

  it('starts a run where the metadata asks for it, the same when it is told again', async () => {
    const { runs, published, run } = bench();
    await run({ metadata: { run: 'on-upload' } });
    await run({ metadata: { run: 'on-upload' } });
    const [first, second] = runs.create.args.map(([created]) => created);
    assert.deepEqual(first, second);
    assert.deepEqual([first.trigger, first.status, first.selection.tests], ['upload', 'queued', ['tst_1']]);
    assert.equal(new Set(published().map(({ id }) => id)).size, 1);
    await run({ generation: '8', metadata: { run: 'on-upload' } });
    assert.notEqual(runs.create.lastCall.args[0].id, first.id);
  });

  it('stores a suite with its tests, tells of each, and runs them all in one run', async () => {
    const { suites, runs, published, run } = bench('test: A\ndo: [c: a, wait: 20000]\n---\ntest: B\ndo: [c: b]\n');
    await run({ metadata: { run: 'on-upload' } });
    const [suite] = suites.import.firstCall.args as [ImportedSuite];
    assert.deepEqual([suite.name, suite.user_id, suite.object.generation], ['login', 'usr_1', '7']);
    assert.deepEqual(
      suite.tests.map(({ name, form, status, diagnostics }) => [name, form, status, diagnostics.length]),
      [
        ['A', 'compact', 'ready', 1],
        ['B', 'compact', 'ready', 0],
      ],
    );
    assert.deepEqual(
      published().map(({ type, data }) => [type, data.test_id]),
      [
        ['test.imported', 'tst_0'],
        ['test.imported', 'tst_1'],
      ],
    );
    const { selection } = runs.create.firstCall.args[0];
    assert.deepEqual([selection.tests, selection.suite], [['tst_0', 'tst_1'], 'sui_1']);
  });

  it('is silent when a newer version of a suite was imported before', async () => {
    const { suites, runs, published, run } = bench(TWO);
    suites.import.resolves(undefined);
    await run({ metadata: { run: 'on-upload' } });
    assert.equal(published().length + runs.create.callCount, 0);
  });

  it('takes in files that are stored beside it', async () => {
    const { files, suites, run } = bench('metadata: {name: All}\ntests: [{file: b.yaml}]\n');
    files.get.withArgs('tests/usr_1/shop/b.yaml').resolves(Buffer.from('test: B\ndo: [c: b]\n'));
    await run();
    assert.deepEqual(
      (suites.import.firstCall.args as [ImportedSuite])[0].tests.map(({ name }) => name),
      ['B'],
    );
  });

  const TWO = 'test: A\ndo: [c: a]\n---\ntest: B\ndo: [c: b]\n';
  const sourceOf = (text: string) => ({
    digest: createHash('sha256').update(text).digest('hex'),
    reader: readerVersion,
  });

  it('keeps of a test what it was made of: the digest of the bytes that were read, and the reader', async () => {
    const { tests, run } = bench();
    await run({ metadata: { content_hash: 'another' } });
    assert.deepEqual((tests.import.firstCall.args as [ImportedTest])[0].source, sourceOf(GOOD));
  });

  it('keeps of a suite what it was made of, and not of each of its tests', async () => {
    const { suites, run } = bench(TWO);
    await run();
    const [suite] = suites.import.firstCall.args as [ImportedSuite];
    assert.deepEqual(suite.source, sourceOf(TWO));
    assert.ok(suite.tests.every((test) => !('source' in test)));
  });

  it('keeps of a file that is wrong not what it was made of', async () => {
    const { tests, run } = bench('test: x\ndo:\n  - nva: y\n');
    await run();
    assert.equal('source' in tests.import.firstCall.args[0], false);
  });

  it('keeps not what something was made of when it takes in other files', async () => {
    const { files, tests, suites, run } = bench('test: A\ninclude: blocks.yaml\ndo: [use: log in]\n');
    files.get.withArgs('tests/usr_1/shop/blocks.yaml').resolves(Buffer.from('blocks:\n  log in: [c: Log in]\n'));
    await run();
    const [test] = tests.import.firstCall.args as [ImportedTest];
    assert.deepEqual([test.status, 'source' in test], ['ready', false]);
    files.get.resolves(Buffer.from('metadata: {name: All}\ntests: [{file: b.yaml}]\n'));
    files.get.withArgs('tests/usr_1/shop/b.yaml').resolves(Buffer.from('test: B\ndo: [c: b]\n'));
    await run();
    assert.equal('source' in (suites.import.firstCall.args as [ImportedSuite])[0], false);
  });

  it('is silent when a newer version was imported before', async () => {
    const { tests, runs, published, run } = bench();
    tests.import.resolves(aTest({ object: { bucket: 'b', name: 'n', generation: '8' } }));
    await run({ metadata: { run: 'on-upload' } });
    assert.equal(published().length + runs.create.callCount, 0);
  });

  it('stores no test of a file that holds blocks for others', async () => {
    const { tests, published, run } = bench('blocks:\n  log in: [c: Log in]\n');
    await run();
    assert.equal(tests.import.callCount + published().length, 0);
  });

  for (const name of ['elsewhere/a.yaml', 'tests/a.yaml', 'tests//a.yaml', 'tests/usr_1/', 'tests/usr_1/folder/']) {
    it(`leaves ${name} alone`, async () => {
      const { files, run } = bench();
      await run({ name });
      assert.equal(files.get.callCount, 0);
    });
  }

  for (const file of ['people.csv', 'cv.pdf', 'me.PNG', 'app.zip', 'notes.txt', 'LICENSE', 'login.yaml.bak']) {
    it(`leaves ${file} to the tests that upload it`, async () => {
      const { files, tests, published, run } = bench('no test');
      await run({ name: `tests/usr_1/files/${file}` });
      assert.equal(files.get.callCount + tests.import.callCount + published().length, 0);
    });
  }

  it('reads a file of any name when it was stored as a test', async () => {
    const { tests, run } = bench();
    await run({ name: 'tests/usr_1/login', metadata: { content_hash: 'hash' } });
    await run({ name: 'tests/usr_1/login.txt', metadata: { run: 'on-upload' } });
    for (const name of ['a.yml', 'b.JSON']) await run({ name: `tests/usr_1/${name}` });
    assert.equal(tests.import.callCount, 4);
  });

  it('gives up on a generation that is gone, and comes again for anything else', async () => {
    const { files, run } = bench();
    files.get.rejects(new AppError('not-found', 'gone'));
    await assert.rejects(run(), appError('not-found'));
    files.get.rejects(new Error('socket hang up'));
    await assert.rejects(run(), /hang up/);
  });
});
