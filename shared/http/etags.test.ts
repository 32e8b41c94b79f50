import assert from 'node:assert/strict';
import { AppError } from '../platform/errors.ts';
import { bench } from './bench.testing.ts';
import { checkIfMatch, etagBeside, etagOf } from './etags.ts';

describe('entity tags', () => {
  it('are of what a GET answers, and the same for the same', async () => {
    const { call } = bench();
    const trace = { headers: { 'x-request-id': 'a' } };
    const [first, head] = [await call('/same', trace), await call('/same', { ...trace, method: 'HEAD' })];
    assert.match(first.headers.get('etag') ?? '', /^"[\w-]{27}"$/);
    assert.equal(head.headers.get('etag'), first.headers.get('etag'));
    assert.equal(first.headers.get('cache-control'), 'private, no-cache');
  });

  it('spare a client what it has', async () => {
    const { call } = bench();
    const etag = (await call('/same')).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await call('/same', { headers: { 'if-none-match': known } });
      assert.deepEqual([response.status, await response.text(), response.headers.get('etag')], [304, '', etag], known);
    }
    assert.equal((await call('/same', { headers: { 'if-none-match': '"other"' } })).status, 200);
  });

  it('are of texts and bytes too, which stay as they are otherwise', async () => {
    const { call } = bench();
    for (const path of ['/text', '/bytes']) {
      const first = await call(path);
      const etag = first.headers.get('etag') ?? '';
      assert.match(etag, /^"[\w-]{27}"$/, path);
      assert.equal(first.headers.get('cache-control'), 'no-store');
      const again = await call(path, { headers: { 'if-none-match': etag } });
      assert.deepEqual([again.status, await again.text()], [304, ''], path);
    }
  });

  it('are not on what changes something', async () => {
    assert.equal((await bench().post('{"name":"a"}')).headers.get('etag'), null);
  });

  it('of a resource that is shown with more are good for a change of it, and are others when anything is', () => {
    const current = { id: 'x', size: 1 };
    const shown = (used: number) => etagBeside(current, JSON.stringify({ ...current, used }));
    assert.match(shown(1), /^"[\w-]{27}\.[\w-]{27}"$/);
    assert.notEqual(shown(1), shown(2));
    for (const used of [1, 2]) checkIfMatch(shown(used), current);
    for (const given of [shown(1), `W/${shown(1)}`]) {
      assert.throws(
        () => checkIfMatch(given, given.startsWith('W/') ? current : { ...current, size: 2 }),
        (error) => error instanceof AppError && error.code === 'precondition-failed',
      );
    }
  });

  it('guard a change against one in between', () => {
    const current = { id: 'x', size: 1 };
    const etag = etagOf(JSON.stringify(current));
    for (const given of [undefined, etag, '*', `"other", ${etag}`]) checkIfMatch(given, current);
    for (const given of ['"other"', `W/${etag}`, '']) {
      assert.throws(
        () => checkIfMatch(given, current),
        (error) => error instanceof AppError && error.code === 'precondition-failed',
      );
    }
  });
});
