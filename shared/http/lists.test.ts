import assert from 'node:assert/strict';
import { AppError } from '../platform/errors.ts';
import { listReply, pageOf } from './lists.ts';

describe('a list', () => {
  const entities = [3, 2, 1].map((n) => ({ id: `run_${n}`, created_at: new Date(n * 1000) }));
  const invalidAt = (place: string) => (error: unknown) =>
    error instanceof AppError && error.code === 'invalid-argument' && error.details[0]?.pointer === place;

  it('has fifty items a page, or as many as are asked for', () => {
    assert.deepEqual(pageOf({}), { size: 50, after: undefined });
    assert.equal(pageOf({ pageSize: '200' }).size, 200);
  });

  for (const pageSize of ['0', '201', '-1', '1.5', 'many', '']) {
    it(`refuses pages of '${pageSize}'`, () => assert.throws(() => pageOf({ pageSize }), invalidAt('/pageSize')));
  }

  it('goes on where the page before it ended', () => {
    const { body } = listReply(pageOf({ pageSize: '3' }), entities, ({ id }) => id);
    assert.deepEqual(body.items, ['run_3', 'run_2', 'run_1']);
    assert.deepEqual(pageOf({ pageToken: body.nextPageToken ?? '' }).after, { id: 'run_1', createdAt: new Date(1000) });
  });

  it('ends with a page that is not full', () => {
    assert.equal('nextPageToken' in listReply(pageOf({}), entities, ({ id }) => id).body, false);
    assert.deepEqual(listReply(pageOf({}), [], String).body, { items: [] });
  });

  const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const [what, pageToken] of Object.entries({
    nothing: '',
    junk: 'junk',
    'no pair': token({}),
    null: token(null),
    'another type': token(['1', 'run_1']),
    'no moment': token([1e300, 'run_1']),
    'a path': token([1, 'run_1/log/1']),
    'no id': token([1, '']),
  })) {
    it(`refuses a token that is ${what}`, () => assert.throws(() => pageOf({ pageToken }), invalidAt('/pageToken')));
  }
});
