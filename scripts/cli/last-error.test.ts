import assert from 'node:assert/strict';
import { ApiError } from './api-answer.ts';
import { UsageError } from './command.ts';
import { lastError, toldError } from './last-error.ts';

describe('the last error of a local cloud of our own', () => {
  const failed = { severity: 'ERROR', function: 'tests', message: 'POST /v1/tests failed' };
  const stack_trace = 'Error: ENOSPC: no space left\u001b[2J\n    at write (x.ts:1:1)';
  const logOf = (...entries: readonly object[]) => {
    const own = lastError();
    for (const entry of entries) own.log(JSON.stringify(entry));
    return own;
  };

  it('says why the API failed, and nothing of where in the code', () => {
    const own = logOf(failed, { ...failed, stack_trace }, { severity: 'INFO', message: 'done' });
    const error = toldError(new ApiError('Something went wrong.', 500), own);
    assert.ok(error instanceof UsageError);
    assert.equal(
      error.message,
      'Something went wrong.\n  tests: POST /v1/tests failed: Error: ENOSPC: no space left [2J',
    );
  });

  it('is not told when the API refused something, nor of an API elsewhere', () => {
    for (const [status, own] of [
      [422, logOf(failed)],
      [500, logOf()],
      [500, undefined],
    ] as const)
      assert.equal((toldError(new ApiError('No.', status), own) as Error).message, 'No.');
  });

  it('leaves other errors as they are', () => {
    const bug = new TypeError('x');
    assert.equal(toldError(bug, logOf(failed)), bug);
  });
});
