import assert from 'node:assert/strict';
import type { TestEntity } from '../../schemas/entities.ts';
import { testIdOf } from '../../shared/domain/tests.ts';
import type { SuiteCloud } from './suite-cloud.ts';

const test = (name: string) => `test: ${name}\ndo:\n  - note: ${name}\n`;

/** Files of several tests, from their upload to their run. */
export function suites(suite: () => SuiteCloud): void {
  const upload = async (source: string): Promise<{ id: string; tests: { id: string; name: string }[] }> => {
    const answer = await suite().call('POST', '/v1/tests?name=several.yaml', source, { prefer: 'wait=60' });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body as never;
  };
  const stored = async (id: string) =>
    (await suite().google.firestore.doc(`tests/${id}`).get()).data() as TestEntity | undefined;

  it('each test is stored by its name, and a run of the suite runs them all', async () => {
    const { call, ended, sessionsOf } = suite();
    const { id, tests } = await upload(`${test('A')}---\n${test('B')}`);
    assert.deepEqual(
      tests.map(({ name }) => name),
      ['A', 'B'],
    );
    const first = await stored(tests[0]?.id ?? '');
    assert.deepEqual([first?.status, first?.version, first?.suite_id], ['ready', 1, id]);
    const started = await call('POST', '/v1/runs', { suite: id });
    assert.equal(started.status, 202, JSON.stringify(started.body));
    const run = await ended((started.body as { id: string }).id);
    assert.equal(run.status, 'passed');
    assert.deepEqual(
      (await sessionsOf(run.id)).map(({ test_name }) => test_name),
      ['A', 'B'],
    );
  });

  it('a new version has the tests that it names, and no others; one test alone takes the place of the suite', async () => {
    const { call, google } = suite();
    const before = await upload(`${test('A')}---\n${test('C')}`);
    const { id, tests } = await upload(`${test('A')}---\n${test('D')}`);
    assert.equal((await stored(tests[0]?.id ?? ''))?.version, 3);
    assert.equal(await stored(before.tests[1]?.id ?? ''), undefined);
    const alone = await call('POST', '/v1/tests?name=several.yaml', test('E'), { prefer: 'wait=60' });
    assert.equal((alone.body as { name: string }).name, 'E');
    assert.equal((await google.firestore.doc(`suites/${id}`).get()).exists, false);
    assert.equal(await stored(tests[0]?.id ?? ''), undefined);
    const again = await upload(`${test('A')}---\n${test('B')}`);
    assert.equal(await stored(testIdOf('virtuoso-tests', 'tests/usr_bootstrap/several.yaml')), undefined);
    assert.equal((await call('DELETE', `/v1/tests/${again.tests[0]?.id}`)).status, 409);
    assert.equal((await call('DELETE', `/v1/suites/${again.id}`)).status, 204);
    assert.equal(await stored(again.tests[0]?.id ?? ''), undefined);
  });

  it('of tests in files of their own runs those that it names, or those that fit its selector by then', async () => {
    const { call, upload: store, ended, sessionsOf } = suite();
    const tagged = (name: string) => `test: ${name}\ntags: [chosen]\ndo:\n  - note: ${name}\n`;
    const first = await store('chosen/b.yaml', tagged('F'));
    await store('chosen/deep/a.yaml', tagged('G'));
    await store('not-chosen.yaml', tagged('H'));
    const made = await call('POST', '/v1/suites', { name: 'Mine', tests: [first] });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const { id } = made.body as { id: string };
    const ran = async () => {
      const started = await call('POST', '/v1/runs', { suite: id });
      assert.equal(started.status, 202, JSON.stringify(started.body));
      const run = await ended((started.body as { id: string }).id);
      return (await sessionsOf(run.id)).map(({ test_name }) => test_name);
    };
    assert.deepEqual(await ran(), ['F']);
    const select = async (selector: object) => {
      const answer = await call('PATCH', `/v1/suites/${id}`, { selector });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body as { version: number; tests: string[] };
    };
    const { version, tests } = await select({ path: 'chosen/**' });
    assert.deepEqual([version, tests], [2, []]);
    await store('chosen/c.yaml', tagged('I'));
    assert.deepEqual(await ran(), ['F', 'I', 'G']);
    await select({ tags: ['chosen'], path: '*' });
    assert.deepEqual(await ran(), ['H']);
    const listed = (await call('GET', '/v1/suites?pageSize=1')).body as { items: { id: string }[] };
    assert.equal(listed.items[0]?.id, id);
    await select({ path: 'nowhere/**' });
    assert.equal((await call('POST', '/v1/runs', { suite: id })).status, 422);
    assert.equal((await call('DELETE', `/v1/suites/${id}`)).status, 204);
    assert.equal((await stored(first))?.status, 'ready');
  });
}
