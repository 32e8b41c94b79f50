import assert from 'node:assert/strict';
import { ApiError } from './api-answer.ts';
import { createApiClient } from './api-client.ts';
import { type FakeApi, startFakeApi } from './fake-api.testing.ts';

describe('the client of the API', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());

  const read = (signal?: AbortSignal) => createApiClient(api.url, 'vrt_key', signal).readRun('run_1', 20);
  const refused = (message: RegExp) =>
    assert.rejects(read(), (error) => error instanceof ApiError && message.test(error.message));

  it('carries the key, and the wish to wait', async () => {
    assert.equal((await read()).status, 'passed');
    assert.equal(api.seen[0]?.headers['x-api-key'], 'vrt_key');
    assert.equal(api.seen[0]?.headers.prefer, 'wait=20');
  });

  it('never carries the key on to another address', async () => {
    const other = await startFakeApi();
    api.script = () => ({ status: 307, headers: { location: `${other.url}/v1/runs/run_1` } });
    await refused(/sends us on to http:\/\/127\.0\.0\.1:\d+\/v1\/runs\/run_1: give that address as --url/);
    assert.deepEqual(other.seen, []);
    await other.close();
  });

  it('says what a problem says, each error with its place and hint', async () => {
    const errors = [{ pointer: '/tests', message: 'there is no test', hint: 'upload it' }];
    api.script = () => ({ status: 422, body: { title: 'T', detail: 'Not all can be run.', errors } });
    await refused(/^Not all can be run\.\n {2}\/tests: there is no test \(upload it\)$/);
  });

  it('says whose words they are when a problem has a title alone', async () => {
    api.script = () => ({ status: 401, body: { title: 'Unauthorized' } });
    await refused(/\/v1\/runs\/run_1 answered 401: Unauthorized$/);
  });

  it('says what else an address answers with', async () => {
    api.script = () => ({ status: 404, body: '<html>nothing</html>' });
    await refused(/\/v1\/runs\/run_1 answered 404: <html>nothing<\/html>/);
    api.script = () => ({ body: '<html>welcome</html>' });
    await refused(/did not answer with JSON: is that the address of a Virtuoso API\?/);
    const client = createApiClient(api.url, 'vrt_key');
    for (const body of ['null', '[]', '7', '{"items":null}', '{"items":{}}']) {
      api.script = () => ({ body });
      const asked = [client.readRun('run_1'), client.listSessions('run_1'), client.list('/v1/schedules')];
      asked.push(client.statistics('runs', new URLSearchParams()) as Promise<never>, client.endRun('run_1'));
      for (const answer of asked) await assert.rejects(answer, /with JSON that is not this API's: is that the/);
    }
  });

  it('comes again when it is told to', async () => {
    const later = (status: number) => ({ status, headers: { 'retry-after': '0' }, body: { detail: 'Come back.' } });
    api.script = (_seen, count) => (count < 3 ? later(429) : undefined);
    assert.equal((await read()).status, 'passed');
    assert.equal(api.seen.length, 3);
    api.script = (_seen, count) => (count < 6 ? later(503) : undefined);
    await createApiClient(api.url, 'vrt_key').startRun({ tests: ['tst_1'] }, 'key');
    assert.deepEqual(
      api.seen.slice(3).map(({ path, headers }) => [path, headers['idempotency-key']]),
      Array.from({ length: 3 }, () => ['/v1/runs', 'key']),
    );
  });

  it('uploads a test until it is imported, or says that this takes too long', async () => {
    const importing = { status: 202, body: { id: 'tst_1', status: 'importing' } };
    const upload = () => createApiClient(api.url, 'vrt_key').uploadTest('a.yaml', Buffer.from('x'));
    api.script = (_seen, count) => (count < 3 ? importing : undefined);
    assert.match((await upload()).id, /^tst_/);
    assert.equal(api.seen.length, 3);
    api.script = () => importing;
    await assert.rejects(upload(), /a\.yaml is stored, but its import takes too long/);
  });

  it('gives up when it is told so again and again', async () => {
    api.script = () => ({ status: 429, headers: { 'retry-after': '0' }, body: { detail: 'Too many.' } });
    await refused(/^Too many\.$/);
    assert.equal(api.seen.length, 8);
  });

  it('ends at once when it is interrupted', async () => {
    const interrupted = new AbortController();
    api.script = () => {
      interrupted.abort(new Error('interrupted'));
      return 'hang';
    };
    await assert.rejects(read(interrupted.signal), /^Error: interrupted$/);
  });
});
