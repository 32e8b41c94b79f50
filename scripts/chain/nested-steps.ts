import assert from 'node:assert/strict';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

const checkpoint = (price: string) => `
test: look at
v: { drink: , price: ${price} }
do:
  - if: { visible: '{{drink}}' }
    then:
      - note: '{{drink}} for {{price}}'
      - js: return document.title
    else:
      - { command: control.fail, message: 'no {{drink}}' }
`;

const test = `
test: Drinks
do:
  - nav: /
  - loop: { over: [Tea, Cocoa], as: drink }
    do:
      - use: look at
        with: { drink: '{{drink}}' }
  - try:
      - c: { Buy: { pos: CENTER } }
        timeout: 200
    catch:
      - log: '{{error.type}}'
  - repeat: 1000
    do:
      - log: '{{index}}'
`;

/** Branches, loops, tries, and checkpoints of the library, from the file to the report. */
export function nestedSteps(suite: () => SuiteCloud): void {
  let pages: PageServer;
  before(async () => {
    pages = await startPages({ '/': () => pageOf('<h1>Tea</h1><h2>Cocoa</h2>') });
  });
  after(async () => {
    await pages?.close();
  });
  const store = async (source: string): Promise<{ id: string; version: number }> => {
    const { status, body } = await suite().call('POST', '/v1/library', source);
    assert.ok(status === 200 || status === 201, JSON.stringify(body));
    return body as never;
  };

  it('are run, recorded within bounds and shown where they stand; a run keeps what it used', async () => {
    const { upload, start, ended, sessionsOf, checkpointsOf, reportOf } = suite();
    assert.equal((await store(checkpoint('3'))).version, 1);
    const id = await upload('drinks.yaml', test);
    const run = await ended((await start([id], { baseUrl: pages.origin })).id);
    assert.equal(run.status, 'passed', JSON.stringify(run));
    assert.equal((await store(checkpoint('4'))).version, 2);
    const [session] = await sessionsOf(run.id);
    assert.deepEqual([session?.step_count, session?.passed_steps, session?.failed_steps], [4, 4, 0]);
    const { steps, results } = only(await checkpointsOf(session?.id ?? ''));
    const use = (steps[1] as unknown as { steps: { checkpoint: string; with: object }[] }).steps[0];
    assert.deepEqual([use?.checkpoint, use?.with], ['look at@1', { price: 3, drink: '{{drink}}' }]);
    assert.equal(results.filter(({ spared }) => spared === 'try').length, 1);
    assert.ok(results.length < 100);
    const report = only(only((await reportOf(run.id)).sessions).checkpoints);
    const told = report.steps.flatMap(({ step, inside }) =>
      inside?.depth === 3 ? [`${inside.part} ${step.command}`] : [],
    );
    const branch = ['then misc.comment', 'then misc.execute', 'else control.fail'];
    assert.deepEqual(told, [...branch, ...branch]);
    assert.equal(report.steps.find(({ inside }) => inside?.part === 'catch')?.result?.value, 'element-not-found');
    assert.deepEqual(report.steps.at(-1)?.inside, { depth: 1, part: 'iteration 1000' });
  });

  it('are not run when the library does not have what they use', async () => {
    const { upload, start, ended, call } = suite();
    const { id } = await store(checkpoint('4'));
    const named = await upload('typo.yaml', 'test: Typo\ndo:\n  - use: look att\n');
    const typo = await ended((await start([named])).id);
    assert.deepEqual(
      [typo.status, typo.error],
      ['error', "The test 'Typo' cannot be run. The library has no checkpoint 'look att'. Did you mean 'look at'?"],
    );
    const listed = (await call('GET', '/v1/library')).body as { items: { name: string; version: number }[] };
    assert.deepEqual(
      listed.items.map(({ name, version }) => `${name}@${version}`),
      ['look at@2', 'look at@1'],
    );
    assert.equal((await call('GET', '/v1/library/look%20at')).status, 200);
    assert.equal((await call('DELETE', `/v1/library/${id}`)).status, 204);
    const left = (await call('GET', '/v1/library/look%20at')).body as { version: number };
    assert.equal(left.version, 1);
    const lacking = await upload('lacking.yaml', 'test: Lacking\ndo:\n  - use: look at\n');
    const run = await ended((await start([lacking])).id);
    assert.equal(
      run.error,
      "The test 'Lacking' cannot be run. 'look at@1' needs the variable 'drink': give it in 'with'.",
    );
    assert.equal((await store(checkpoint('5'))).version, 3, 'a number is not given again');
    const pinned = await upload('pinned.yaml', 'test: Pinned\ndo:\n  - use: look at@2\n');
    const gone = await ended((await start([pinned])).id);
    assert.match(gone.error ?? '', /The library has 'look at', but not the version 'look at@2'/);
  });
}
