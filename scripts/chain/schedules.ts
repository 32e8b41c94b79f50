import assert from 'node:assert/strict';
import type { RunEntity } from '../../schemas/entities.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

interface Shown {
  readonly id: string;
  readonly nextTimes: string[];
  readonly lastRun?: { readonly runId: string };
}

/** Runs that are started by the time. */
export function schedules(suite: () => SuiteCloud): void {
  const runsOf = async (scheduleId: string): Promise<RunEntity[]> => {
    const { docs } = await suite().google.firestore.collection('runs').where('started_by', '==', scheduleId).get();
    return docs.map((document) => document.data() as RunEntity);
  };
  const make = async (more: object): Promise<Shown> => {
    const { status, body } = await suite().call('POST', '/v1/schedules', { cron: '0 3 1 1 *', ...more });
    assert.equal(status, 201, JSON.stringify(body));
    return body as Shown;
  };
  /** As if it were time. */
  const comeDue = async (id: string): Promise<void> => {
    const due = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    await suite().google.firestore.doc(`schedules/${id}`).update({ next_at: due });
  };

  it('run what has the tag when they are due, once, however many look after them', async () => {
    const { call, upload, cloud, ended, sessionsOf } = suite();
    const { id } = await make({ name: 'By tag', run: { tests: [await upload('due.yaml', test('Due', 'nightly'))] } });
    const byTag = { run: { tags: ['nightly'], variables: { a_b: [[1]] } } };
    const patched = await call('PATCH', `/v1/schedules/${id}`, byTag);
    assert.equal(patched.status, 200, JSON.stringify(patched.body));
    await upload('due-later.yaml', test('Due later', 'nightly'));
    await comeDue(id);
    const answers = await Promise.all([1, 2, 3].map(() => cloud.runSchedule('run-schedules')));
    assert.ok(answers.includes(204), JSON.stringify(answers));
    const run = only(await runsOf(id));
    assert.deepEqual([run.trigger, run.selection.tags], ['schedule', ['nightly']]);
    assert.equal((await ended(run.id)).status, 'passed');
    assert.deepEqual((await sessionsOf(run.id)).map(({ test_name }) => test_name).sort(), ['Due', 'Due later']);
    await cloud.runSchedule('run-schedules');
    only(await runsOf(id));
    const shown = (await call('GET', `/v1/schedules/${id}`)).body as Shown;
    assert.equal(shown.lastRun?.runId, run.id);
    assert.equal(shown.nextTimes.length, 5);
    assert.ok(shown.nextTimes.every((time) => time.includes('-01-01T03:00:00')));
    assert.equal((await call('DELETE', `/v1/schedules/${id}`)).status, 204);
  });

  it('tell, by a run in error, that what they are for is gone', async () => {
    const { call, upload, cloud, ended } = suite();
    const testId = await upload('soon-gone.yaml', test('Soon gone', 'gone'));
    const { id } = await make({ name: 'Of what is gone', run: { tests: [testId] } });
    await call('DELETE', `/v1/tests/${testId}`);
    await comeDue(id);
    await cloud.runSchedule('run-schedules');
    const run = only(await runsOf(id));
    const view = (await ended(run.id)) as { status: string; error?: string };
    assert.equal(view.status, 'error');
    assert.match(view.error ?? '', new RegExp(`there is no test '${testId}'`));
    await call('DELETE', `/v1/schedules/${id}`);
  });

  it('are listed a page at a time, changed by those who know them, and refused in words', async () => {
    const { call, upload } = suite();
    const run = { tests: [await upload('listed.yaml', test('Listed', 'listed'))] };
    const made = [await make({ name: 'One', run }), await make({ name: 'Two', run, active: false })];
    const [one, two] = made as [Shown, Shown];
    const list = async (query: string) =>
      (await call('GET', `/v1/schedules?${query}`)).body as { items: Shown[]; nextPageToken?: string };
    const first = await list('pageSize=1');
    const second = await list(`pageSize=1&pageToken=${first.nextPageToken}`);
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }) => id),
      [two.id, one.id],
    );
    assert.deepEqual(
      (await list('active=true')).items.map(({ id }) => id),
      [one.id],
    );
    const read = await call('GET', `/v1/schedules/${one.id}`);
    const etag = read.headers.get('etag') ?? '';
    const path = `/v1/schedules/${one.id}`;
    assert.equal((await call('PATCH', path, { name: 'Uno' }, { 'if-match': etag })).status, 200);
    assert.equal((await call('PATCH', path, { name: 'Eins' }, { 'if-match': etag })).status, 412);
    const wrong = await call('PATCH', path, { timeZone: 'Europe/Berlim' });
    assert.deepEqual(
      [wrong.status, (wrong.body as { errors: { pointer: string }[] }).errors[0]?.pointer],
      [422, '/timeZone'],
    );
    for (const { id } of made) await call('DELETE', `/v1/schedules/${id}`);
  });
}

const test = (name: string, tag: string): string => `test: ${name}\ntags: [${tag}]\ndo:\n  - note: done\n`;
