import assert from 'node:assert/strict';
import { startCloud } from '../local/cloud.ts';
import { fuzzApi } from './api/fuzz-api.ts';
import { judge } from './api/judge.ts';

describe('npm run fuzz:api', () => {
  it('sends requests of every kind, and each is answered as the API is described', async function () {
    this.timeout(240_000);
    const errors: string[] = [];
    const cloud = await startCloud({
      limits: { 'run-session': { maxInstances: 1 } },
      log: (line) => {
        if (line.startsWith('{') && JSON.parse(line).severity === 'ERROR') errors.push(line);
      },
    });
    try {
      const { finds, statuses } = await fuzzApi(cloud, { count: 400, seed: 1 }, () => {});
      assert.deepEqual(finds, []);
      assert.deepEqual(errors, []);
      for (const status of [200, 201, 400, 401, 404, 405, 415, 422]) assert.ok(statuses.get(status), String(status));
    } finally {
      await cloud.close();
    }
  });

  const request = { method: 'GET', path: '/v1/runs', headers: {} };
  const answered = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    judge(request, {
      status,
      body,
      headers: new Headers({ 'x-request-id': 'req_1', 'content-type': 'application/json', ...headers }),
    });
  const problem = { type: 'https://a.example/', title: '', detail: '', instance: '/v1/runs', requestId: 'req_1' };
  const asProblem = { 'content-type': 'application/problem+json' };

  it('finds fault with what is not as described', () => {
    assert.equal(answered(200, { items: [] }), undefined);
    assert.equal(answered(400, { ...problem, status: 400 }, asProblem), undefined);
    assert.match(answered(500, { ...problem, status: 500 }, asProblem) ?? '', /500/);
    assert.match(answered(418, {}) ?? '', /418 is not described/);
    assert.match(answered(200, { items: 1 }) ?? '', /not as described/);
    assert.match(answered(200, { items: [] }, { 'content-type': 'text/html' }) ?? '', /type text\/html/);
    assert.match(answered(200, { items: [] }, { 'x-request-id': '' }) ?? '', /x-request-id/);
    const inside = { ...problem, status: 400, detail: 'Error: x\n    at f (file.ts:1:1)' };
    assert.notEqual(answered(400, inside, asProblem), undefined);
  });
});
