import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type FakeApi, type Seen, startFakeApi } from './fake-api.testing.ts';
import { main } from './main.ts';
import { enterTemporaryFolder } from './temporary-folder.testing.ts';

const nightly = { id: 'sch_1', name: 'Nightly', cron: '30 2 * * *', timeZone: 'Europe/Berlin', active: true };

describe('what an API keeps, from the command line:', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(async () => {
    sinon.restore();
    await api.close();
  });

  async function virtuoso(...args: string[]) {
    const said = { out: '', err: '' };
    const write = (to: keyof typeof said) => (text: unknown) => {
      said[to] += String(text);
      return true;
    };
    sinon.stub(process.stdout, 'write').callsFake(write('out'));
    sinon.stub(process.stderr, 'write').callsFake(write('err'));
    const code = await main([...args, '--url', api.url, '--api-key', 'vrt_key']);
    sinon.restore();
    return { code, ...said };
  }
  const asked = ({ method, path, body }: Seen) => [method, path, body && JSON.parse(body)];

  it('schedules are listed, all their pages', async () => {
    api.script = ({ path }) => {
      const second = { ...nightly, id: 'sch_2', active: false, nextTimes: [] };
      const first = { ...nightly, nextTimes: ['2026-03-05T01:30:00.000Z'] };
      return { body: path.includes('pageToken=t') ? { items: [second] } : { items: [first], nextPageToken: 't' } };
    };
    const { code, out } = await virtuoso('schedules');
    assert.equal(code, 0);
    assert.deepEqual(out.split('\n'), [
      'sch_1  Nightly  30 2 * * * Europe/Berlin  next 2026-03-05T01:30:00.000Z',
      'sch_2  Nightly  30 2 * * * Europe/Berlin  paused',
      '',
    ]);
  });

  it('schedules are made of what is said', async () => {
    api.script = () => ({ status: 201, body: { ...nightly, nextTimes: ['2026-03-05T01:30:00.000Z'] } });
    const when = ['--name', 'Nightly', '--cron', '30 2 * * *', '--zone', 'Europe/Berlin', '--missed', 'run-once'];
    const { code, out } = await virtuoso('schedules', 'create', ...when, '--tag', 'a', '--tag', 'b');
    assert.deepEqual([code, out.includes('sch_1')], [0, true]);
    const { nextTimes: _next, id: _id, active: _active, ...sent } = { ...nightly, nextTimes: [] };
    const body = { ...sent, missed: 'run-once', run: { tags: ['a', 'b'] } };
    assert.deepEqual(api.seen.map(asked), [['POST', '/v1/schedules', body]]);
  });

  it('schedules are paused, go on and are deleted by their ids', async () => {
    api.script = ({ method }) => (method === 'DELETE' ? { status: 204 } : { body: { ...nightly, nextTimes: [] } });
    await virtuoso('schedules', 'pause', 'sch_1');
    await virtuoso('schedules', 'resume', 'sch_1');
    const { out } = await virtuoso('schedules', 'delete', 'sch_1', 'sch_2');
    assert.equal(out, 'sch_1 is deleted.\nsch_2 is deleted.\n');
    assert.deepEqual(api.seen.map(asked), [
      ['PATCH', '/v1/schedules/sch_1', { active: false }],
      ['PATCH', '/v1/schedules/sch_1', { active: true }],
      ['DELETE', '/v1/schedules/sch_1', ''],
      ['DELETE', '/v1/schedules/sch_2', ''],
    ]);
  });

  it('what the API refuses is said, with its place', async () => {
    const problem = { detail: 'There is no time zone.', errors: [{ pointer: '/timeZone', message: 'no zone' }] };
    api.script = () => ({ status: 422, body: problem });
    const { code, err } = await virtuoso('schedules', 'create', '--name', 'a', '--cron', '* * * * *');
    assert.equal(code, 2);
    assert.match(err, /There is no time zone\.\n {2}\/timeZone: no zone/);
  });

  it('bad usage is said before anything is asked', async () => {
    for (const args of [['remove', 'sch_1'], ['pause'], ['list', 'sch_1']])
      assert.equal((await virtuoso('schedules', ...args)).code, 2, args.join(' '));
    for (const args of [['push'], ['drop', 'a'], ['push', '/nowhere/a.yaml']])
      assert.equal((await virtuoso('library', ...args)).code, 2, args.join(' '));
    assert.equal(api.seen.length, 0);
  });

  it('files are stored as checkpoints of the library, which are listed', async () => {
    const folder = await enterTemporaryFolder();
    try {
      await folder.add({ 'log-in.yaml': 'test: log in\ndo: [c: Log in]\n' });
      const stored = { id: 'lib_1', name: 'log in', version: 2 };
      api.script = ({ method }) => ({ body: method === 'POST' ? stored : { items: [stored] } });
      const pushed = await virtuoso('library', 'push', 'log-in.yaml');
      assert.deepEqual([pushed.code, pushed.out], [0, 'log in@2  lib_1\n']);
      assert.equal(api.seen[0]?.body, 'test: log in\ndo: [c: Log in]\n');
      assert.equal((await virtuoso('library')).out, 'log in@2  lib_1\n');
    } finally {
      await folder.remove();
    }
  });
});
