import assert from 'node:assert/strict';
import { isCommitted } from './checkpoints.ts';
import { hasEnded, verdictOf } from './runs.ts';
import { isOver, isTriedAgain } from './sessions.ts';
import { subscribes } from './webhooks.ts';

describe('the verdict of a run', () => {
  for (const [counts, verdict] of [
    [{ passed: 2, failed: 0, error: 0 }, 'passed'],
    [{ passed: 2, failed: 1, error: 0 }, 'failed'],
    [{ passed: 2, failed: 1, error: 1 }, 'error'],
    [{ passed: 0, failed: 0, error: 0 }, 'cancelled'],
  ] as const) {
    it(`is ${verdict} for ${JSON.stringify(counts)}`, () => assert.equal(verdictOf(counts), verdict));
  }
});

describe('what has come to its end', () => {
  it('is a run that is neither queued nor running', () => {
    const statuses = ['queued', 'running', 'passed', 'failed', 'error', 'cancelled'] as const;
    assert.deepEqual(
      statuses.filter((status) => hasEnded({ status })),
      ['passed', 'failed', 'error', 'cancelled'],
    );
  });

  it('is a session that is not queued, running or idle', () => {
    const statuses = [
      'queued',
      'running',
      'idle',
      'passed',
      'failed',
      'error',
      'cancelled',
      'expired',
      'closed',
    ] as const;
    assert.deepEqual(statuses.filter(isOver), ['passed', 'failed', 'error', 'cancelled', 'expired', 'closed']);
  });

  it('is a checkpoint that is neither pending nor running', () => {
    const statuses = ['pending', 'running', 'passed', 'failed', 'error', 'skipped'] as const;
    assert.deepEqual(
      statuses.filter((status) => isCommitted({ status })),
      ['passed', 'failed', 'error', 'skipped'],
    );
  });
});

describe('a session is tried again', () => {
  it('when it did not pass and its test has attempts left', () => {
    for (const status of ['failed', 'error'] as const) {
      assert.equal(isTriedAgain({ status, attempt: 1, attempts: 2 }), true);
      assert.equal(isTriedAgain({ status, attempt: 2, attempts: 2 }), false);
    }
    for (const status of ['passed', 'cancelled', 'running'] as const) {
      assert.equal(isTriedAgain({ status, attempt: 1, attempts: 2 }), false);
    }
  });
});

describe('a subscription', () => {
  for (const [patterns, type, expected] of [
    [['*'], 'run.completed', true],
    [['run.*'], 'run.completed', true],
    [['run.*'], 'runner.started', false],
    [['run.completed'], 'run.completed', true],
    [['run.completed'], 'run.completed_late', false],
    [['test.*', 'report.ready'], 'report.ready', true],
    [['test.*'], 'report.ready', false],
    [[], 'run.completed', false],
  ] as const) {
    it(`to ${patterns.join(' and ') || 'nothing'} ${expected ? 'takes' : 'leaves'} ${type}`, () => {
      assert.equal(subscribes(patterns, type), expected);
    });
  }
});
