import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { TestEntity } from '../../schemas/entities.ts';
import type { Diagnostic } from '../../schemas/test-definition.ts';
import { suiteTestIdOf } from '../../shared/domain/suites.ts';
import { suiteIdOf, testIdOf } from '../../shared/domain/tests.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest, aSuite, aTest } from '../testing.ts';
import { exportTest } from './export.ts';
import { fileNameOf } from './file-name.ts';
import { deleteTest, listTests, planTest, readTest, uploadTest } from './handler.ts';
import { deleteSuite, readSuite } from './suites.ts';

const GOOD = Buffer.from('test: Log in\ndo:\n  - nav: https://a.example/\n');
const BAD = Buffer.from('test: Log in\ndo:\n  - nva: https://a.example/\n');

function bench(test: TestEntity | undefined = aTest()) {
  const tests = {
    get: sinon.stub().resolves(test),
    list: sinon.stub().resolves([test]),
    waitForImport: sinon.stub().resolves(test),
    delete: sinon.stub().resolves(),
  };
  const suites = {
    get: sinon.stub().resolves(aSuite()),
    waitForImport: sinon.stub().resolves(aSuite()),
    delete: sinon.stub().resolves(),
  };
  const files = {
    put: sinon.stub().resolves('7'),
    get: sinon.stub().rejects(new AppError('not-found', 'gone')),
    delete: sinon.stub().resolves(),
  };
  const library = { names: sinon.stub().resolves(['log in']) };
  return { tests, suites, files, library, services: withBase({ tests, suites, files, library }) as never };
}

describe('uploading a test', () => {
  const upload = (services: never, more: object = {}) =>
    uploadTest.handle(aRequest({ body: GOOD, query: { name: 'shop/login.yaml' }, ...more }), services);
  const id = testIdOf('virtuoso-tests', 'tests/usr_1/shop/login.yaml');

  it("stores the file below its owner's folder and says where the test will be", async () => {
    const { files, services } = bench();
    const { status, headers, body } = await upload(services, { headers: { 'content-type': 'text/yaml' } });
    assert.equal(status, 202);
    assert.equal(headers?.location, `/v1/tests/${id}`);
    assert.deepEqual(body, { id, status: 'importing', diagnostics: [] });
    const [name, bytes, options] = files.put.firstCall.args;
    assert.deepEqual([name, bytes, options.contentType], ['tests/usr_1/shop/login.yaml', GOOD, 'text/yaml']);
    assert.match(options.metadata.content_hash, /^[0-9a-f]{64}$/);
    assert.deepEqual([options.metadata.owner, options.metadata.run], ['usr_1', undefined]);
  });

  it('asks for a run where that is wanted', async () => {
    const { files, services } = bench();
    await upload(services, { query: { name: 'a.yaml', run: 'on-upload' } });
    assert.equal(files.put.firstCall.args[2].metadata.run, 'on-upload');
  });

  it('waits for the import where that is wanted', async () => {
    const { tests, services } = bench();
    const { status, body } = await upload(services, { waitSeconds: 10 });
    assert.equal(status, 201);
    assert.equal((body as { userId: string }).userId, 'usr_1');
    assert.deepEqual(tests.waitForImport.args, [[id, '7', 10_000]]);
  });

  for (const [what, seen] of [
    ['nothing', undefined],
    ['an older version', aTest({ object: { bucket: 'b', name: 'n', generation: '6' } })],
  ] as const) {
    it(`says that it is under way when ${what} is there in time`, async () => {
      const { tests, services } = bench();
      tests.waitForImport.resolves(seen);
      assert.equal((await upload(services, { waitSeconds: 1 })).status, 202);
    });
  }

  it('refuses a wrong file with its diagnostics, and keeps nothing', async () => {
    const { files, services } = bench();
    await assert.rejects(upload(services, { body: BAD }), (error) => {
      assert.ok(appError('unprocessable', /Line 3, column \d+: /)(error));
      assert.ok((error as { details: unknown[] }).details.length > 0);
      return true;
    });
    assert.equal(files.put.callCount, 0);
  });

  it('refuses a test that no document can hold', async () => {
    const { files, services } = bench();
    const body = Buffer.from(`test: Big\ndo:\n  - note: ${'x'.repeat(1_000_000)}\n`);
    await assert.rejects(upload(services, { body }), appError('unprocessable', /too large/));
    assert.equal(files.put.callCount, 0);
  });
});

describe('uploading a suite', () => {
  const object = 'tests/usr_1/all.yaml';
  const id = suiteIdOf('virtuoso-tests', object);
  const named = ['A', 'B'].map((name) => ({ id: suiteTestIdOf('virtuoso-tests', object, name), name }));
  const upload = (services: never, source: string, more: object = {}) =>
    uploadTest.handle(aRequest({ body: Buffer.from(source), query: { name: 'all.yaml' }, ...more }), services);
  const TWO = 'metadata: {name: All}\ntests: [{test: A, do: [c: a]}, {file: b.yaml}]\n';
  const B = Buffer.from('test: B\ndo: [c: b]\n');

  it('says where the suite and its tests will be; a file that it names is taken from those that are stored', async () => {
    const { files, services } = bench();
    files.get.withArgs('tests/usr_1/b.yaml').resolves(B);
    const { status, headers, body } = await upload(services, TWO);
    assert.deepEqual([status, headers?.location], [202, `/v1/suites/${id}`]);
    assert.deepEqual(body, { id, name: 'All', status: 'importing', tests: named, diagnostics: [] });
  });

  it('waits for the import where that is wanted', async () => {
    const { files, suites, services } = bench();
    files.get.resolves(B);
    const { status, body } = await upload(services, TWO, { waitSeconds: 10 });
    assert.deepEqual([status, (body as { status: string }).status], [201, 'ready']);
    assert.deepEqual(suites.waitForImport.args, [[id, '7', 10_000]]);
  });

  it('is refused when a file that it names is not stored, with the place', async () => {
    const { files, services } = bench();
    await assert.rejects(upload(services, TWO), appError('unprocessable', /Line 2, column 39: there is no 'b\.yaml'/));
    assert.equal(files.put.callCount, 0);
  });

  it('is planned with all its tests', async () => {
    const { services } = bench();
    const body = Buffer.from('test: A\ndo: [c: a]\n---\nname: B\nsteps: [click: b]\n');
    const { body: plan } = await planTest.handle(aRequest({ body, query: { name: 'all.yaml' } }), services);
    const { form, suite } = plan as { form: string; suite: { name: string; tests: { contentHash: string }[] } };
    assert.deepEqual([form, suite.name, suite.tests.length], ['suite', 'all', 2]);
    assert.match(suite.tests[1]?.contentHash ?? '', /^[0-9a-f]{64}$/);
  });
});

describe('exporting a test', () => {
  const exported = (services: never, query: Record<string, string>, more: object = {}) =>
    exportTest.handle(aRequest({ params: { id: 'tst_1' }, query, ...more }), services);

  it('writes it in the form and the format that are asked for', async () => {
    const { services } = bench();
    const { status, headers, body } = await exported(services, { form: 'compact' });
    assert.deepEqual([status, headers?.['content-type']], [200, 'application/yaml; charset=utf-8']);
    assert.match(headers?.['content-disposition'] ?? '', /filename="tst_1\.yaml"/);
    assert.equal(body, 'test: Log in\ndo:\n  - group: One\n    do:\n      - nav: https://a.example/\n');
    const json = await exported(services, { form: 'journey', format: 'json' });
    assert.equal(json.headers?.['content-type'], 'application/json; charset=utf-8');
    assert.equal(JSON.parse(json.body as string).journey.name, 'Log in');
  });

  it('is canonical, and YAML, unless the header says otherwise', async () => {
    const { services } = bench();
    assert.match((await exported(services, {})).body as string, /command: navigate\.to/);
    const { body } = await exported(services, {}, { headers: { accept: 'application/json' } });
    assert.equal(JSON.parse(body as string).checkpoints[0].name, 'One');
  });

  it('refuses what the form cannot say, a test that is invalid, and one that is not there', async () => {
    const empty = { ...aTest().definition, checkpoints: [{ name: 'One', steps: [] }] };
    const unsayable = bench(aTest({ definition: empty as never }));
    await assert.rejects(exported(unsayable.services, { form: 'compact' }), appError('unprocessable', /compact form/));
    const invalid = bench(aTest({ definition: null, status: 'invalid' }));
    await assert.rejects(exported(invalid.services, {}), appError('unprocessable', /invalid/));
    const gone = bench();
    gone.tests.get.resolves(undefined);
    await assert.rejects(exported(gone.services, {}), appError('not-found'));
  });
});

describe('a stored suite', () => {
  it('is read by its owner, and deleted with its file and its tests, the file first', async () => {
    const { suites, files, services } = bench();
    const request = aRequest({ params: { id: 'sui_1' } });
    const { body } = await readSuite.handle(request, services);
    assert.deepEqual((body as { tests: string[] }).tests, ['tst_1', 'tst_2']);
    assert.deepEqual(await deleteSuite.handle(request, services), { status: 204 });
    assert.deepEqual(files.delete.args, [['tests/usr_1/all.yaml']]);
    assert.ok(files.delete.calledBefore(suites.delete));
    suites.get.resolves(undefined);
    await assert.rejects(readSuite.handle(request, services), appError('not-found'));
  });

  it('keeps its tests: none of them is deleted alone', async () => {
    const { files, tests, services } = bench(aTest({ suite_id: 'sui_1' }));
    await assert.rejects(deleteTest.handle(aRequest({ params: { id: 'tst_1' } }), services), appError('conflict'));
    assert.equal(files.delete.callCount + tests.delete.callCount, 0);
  });
});

describe('the name of a test file', () => {
  const named = (name: string) => fileNameOf(aRequest({ query: { name } }));

  it('is in the query, or in a header, or has a default', () => {
    assert.equal(named('a.yaml'), 'a.yaml');
    assert.equal(fileNameOf(aRequest({ headers: { 'x-file-name': 'b.yaml' } })), 'b.yaml');
    assert.equal(fileNameOf(aRequest()), 'test.yaml');
  });

  for (const [given, expected] of [
    ['shop/login.yaml', 'shop/login.yaml'],
    ['shop\\login.yaml', 'shop/login.yaml'],
    ['/etc/a.yaml', 'etc/a.yaml'],
    ['./a.yaml', 'a.yaml'],
    ['././/a//b/./c.yaml', 'a/b/c.yaml'],
    ['..a/b..yaml', '..a/b..yaml'],
    ['Ünïcode 1.yaml', 'Ünïcode 1.yaml'],
  ] as const) {
    it(`'${given}' is '${expected}'`, () => assert.equal(named(given), expected));
  }

  for (const wrong of [
    '',
    '/',
    '.',
    '..',
    '../a',
    'a/../../b',
    '..\\a',
    '/../a',
    'a/..',
    'a\nb',
    'a\u0000b',
    'a/',
    'x'.repeat(501),
    'ü'.repeat(400),
  ]) {
    it(`${JSON.stringify(wrong.slice(0, 20))} is refused`, () => {
      assert.throws(() => named(wrong), appError('invalid-argument'));
    });
  }
});

describe('planning a test', () => {
  it('gives its canonical form, and stores nothing', async () => {
    const { files, services } = bench();
    const { status, body } = await planTest.handle(aRequest({ body: GOOD }), services);
    const plan = body as { form: string; definition: { name: string }; contentHash: string };
    assert.deepEqual([status, plan.form, plan.definition.name], [200, 'compact', 'Log in']);
    assert.match(plan.contentHash, /^[0-9a-f]{64}$/);
    assert.equal(files.put.callCount, 0);
  });

  it('tells what the library does not have, and asks it only where a test can use any', async () => {
    const { library, services } = bench();
    const body = Buffer.from('test: x\ndo:\n  - use: log inn\n  - use: log in@2\n  - use: lib_1\n');
    const { body: plan } = await planTest.handle(aRequest({ body }), services);
    const told = (plan as { diagnostics: Diagnostic[] }).diagnostics.map(({ severity, code, line, column, hint }) => [
      ...[severity, code, line, column, hint],
    ]);
    assert.deepEqual(told, [['warning', 'unknown-checkpoint', 3, 10, "Did you mean 'log in'?"]]);
    assert.deepEqual(library.names.args, [['usr_1']]);
    await planTest.handle(aRequest({ body: GOOD }), services);
    assert.equal(library.names.callCount, 1);
  });

  it('gives its diagnostics when it is wrong', async () => {
    await assert.rejects(planTest.handle(aRequest({ body: BAD }), bench().services), appError('unprocessable'));
  });
});

describe('stored tests', () => {
  it('are listed by their owner', async () => {
    const { tests, services } = bench();
    const { body } = await listTests.handle(aRequest({ query: { pageSize: '1' } }), services);
    assert.deepEqual(tests.list.firstCall.args, ['usr_1', { size: 1, after: undefined }]);
    assert.equal((body as { items: unknown[] }).items.length, 1);
  });

  it('are read by their owner', async () => {
    const { tests, services } = bench();
    const { body } = await readTest.handle(aRequest({ params: { id: 'tst_1' } }), services);
    assert.deepEqual(tests.get.args, [['tst_1', 'usr_1']]);
    assert.equal((body as { contentHash: string }).contentHash, 'hash');
  });

  it('do not show what they were made of, which is for lookups', async () => {
    const source = { digest: 'a'.repeat(64), reader: '1.0.0' };
    const { suites, services } = bench(aTest({ source }));
    suites.get.resolves(aSuite({ source }));
    for (const [read, id] of [
      [readTest, 'tst_1'],
      [readSuite, 'sui_1'],
    ] as const) {
      const { body } = await read.handle(aRequest({ params: { id } }), services);
      assert.equal('source' in (body as object), false);
    }
  });

  it('are deleted with their file, the file first', async () => {
    const { tests, files, services } = bench();
    assert.deepEqual(await deleteTest.handle(aRequest({ params: { id: 'tst_1' } }), services), { status: 204 });
    assert.deepEqual(files.delete.args, [['tests/usr_1/shop/login.yaml']]);
    assert.ok(files.delete.calledBefore(tests.delete));
  });

  it('of somebody else are as if they were not there', async () => {
    const { tests, files, services } = bench();
    tests.get.resolves(undefined);
    const request = aRequest({ params: { id: 'tst_2' } });
    await assert.rejects(readTest.handle(request, services), appError('not-found'));
    await assert.rejects(deleteTest.handle(request, services), appError('not-found'));
    assert.equal(files.delete.callCount, 0);
  });
});
