import assert from 'node:assert/strict';
import { ApiError } from './api-answer.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { type FakeApi, startFakeApi } from './fake-api.testing.ts';
import { hearNews } from './run-news.ts';
import type { ServerSentEvent } from './server-sent-events.ts';

const { signal: until } = new AbortController();
const event = (n: number, type = 'session.started'): ServerSentEvent => ({ id: String(n), type, data: '{}' });
const last = event(9, 'report.ready');

/** An API whose connections give events in turn, or break. */
function fake(...connections: (ServerSentEvent | Error)[][]) {
  const asked: (string | undefined)[] = [];
  const api = {
    async *runEvents(_id: string, { after }: { after: string | undefined }) {
      asked.push(after);
      for (const one of connections.shift() ?? []) {
        if (one instanceof Error) throw one;
        yield one;
      }
    },
  } as unknown as ApiClient;
  return { api, asked };
}

describe('the news of a run', () => {
  const hear = async (api: ApiClient) => {
    const ids: string[] = [];
    const complete = await hearNews(api, 'run_1', ({ id }) => ids.push(id), { until, againMs: 1 });
    return { ids, complete };
  };

  it('are heard up to the last, from where the connection before has ended', async () => {
    const { api, asked } = fake([event(1), event(2)], [], [event(3), new ApiError('broke off')], [last, event(10)]);
    assert.deepEqual(await hear(api), { ids: ['1', '2', '3', '9'], complete: true });
    assert.deepEqual(asked, [undefined, '2', '2', '3']);
  });

  it('are given up where there are none to be had', async () => {
    const none = fake([new ApiError('no such path', 404), last]);
    assert.deepEqual([await hear(none.api), none.asked.length], [{ ids: [], complete: false }, 1]);
    const silent = fake();
    assert.deepEqual([await hear(silent.api), silent.asked.length], [{ ids: [], complete: false }, 5]);
  });

  describe('over HTTP', () => {
    let server: FakeApi;
    beforeEach(async () => {
      server = await startFakeApi();
    });
    afterEach(() => server.close());

    it('come with the key, and are asked for from the last one on', async () => {
      server.script = ({ path, headers }) => {
        if (path !== '/v1/runs/run_1/events') return undefined;
        const first = headers['last-event-id'] === undefined;
        return { body: first ? 'id: 1\nevent: a\ndata: {}\n\n' : 'id: 2\nevent: report.ready\ndata: {}\n\n' };
      };
      assert.deepEqual(await hear(createApiClient(server.url, 'vrt_key')), { ids: ['1', '2'], complete: true });
      assert.deepEqual(
        server.seen.map(({ headers }) => [headers['x-api-key'], headers.accept, headers['last-event-id']]),
        [
          ['vrt_key', 'text/event-stream', undefined],
          ['vrt_key', 'text/event-stream', '1'],
        ],
      );
    });

    it('end when nobody wants them any more', async () => {
      server.script = () => 'hang';
      const leaving = new AbortController();
      const heard = hearNews(createApiClient(server.url, 'vrt_key'), 'run_1', () => {}, { until: leaving.signal });
      leaving.abort();
      assert.equal(await heard, false);
    });
  });
});
