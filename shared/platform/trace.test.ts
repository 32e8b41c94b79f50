import assert from 'node:assert/strict';
import { annotate, continueTrace, currentTrace, logContext, withLogContext } from './trace.ts';

describe('a trace', () => {
  const hex = (bytes: number) => 'ab'.repeat(bytes);
  const TRACE = '0af7651916cd43dd8448eb211c80319c';

  it('goes on under the same id with a span of its own', () => {
    assert.equal(continueTrace(`00-${TRACE}-b7ad6b7169203331-00`, hex), `00-${TRACE}-abababababababab-01`);
  });

  for (const given of [
    undefined,
    '',
    'junk',
    `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-b7ad6b7169203331-01-more`,
    `ff-${TRACE}-b7ad6b7169203331-01`,
  ]) {
    it(`begins anew when what came is ${given === undefined ? 'nothing' : `'${given}'`}`, () => {
      assert.equal(continueTrace(given, hex), `00-${'ab'.repeat(16)}-abababababababab-01`);
    });
  }

  it('and what was noted follow the work through what it waits for', async () => {
    const context = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, function: 'f', fields: {} };
    await withLogContext(context, async () => {
      await Promise.resolve();
      annotate({ run_id: 'run_1', user_id: undefined });
      assert.equal(currentTrace(), context.traceparent);
      assert.deepEqual(logContext()?.fields, { run_id: 'run_1' });
    });
    assert.equal(currentTrace(), undefined);
    annotate({ run_id: 'nobody listens' });
  });
});
