import assert from 'node:assert/strict';
import { complaintOf, failuresOf, sessionOutcomes, toneOf, variantOf } from './outcome.ts';
import { aReport, aSession, aStep, failedStep } from './report.testing.ts';

describe('sessionOutcomes', () => {
  it('puts what failed first, then errors, then what was tried again, flaky and passed sessions', () => {
    const flaky = { testId: 'tst_f', row: { a: 1 } };
    const report = aReport([
      aSession('passed', []),
      aSession('flaky-2', [], { ...flaky, attempt: 2 }),
      aSession('flaky-1', [], { ...flaky, status: 'failed' }),
      aSession('other-row', [], { testId: 'tst_f', row: { a: 2 } }),
      aSession('error', [], { status: 'error' }),
      aSession('failed', [], { status: 'failed' }),
    ]);
    const outcomes = sessionOutcomes(report);
    assert.deepEqual(
      outcomes.map(({ session }) => session.id),
      ['failed', 'error', 'flaky-1', 'flaky-2', 'passed', 'other-row'],
    );
    assert.deepEqual(
      outcomes.map(({ superseded }) => superseded),
      [false, false, true, false, false, false],
    );
    assert.deepEqual(
      outcomes.map(({ flaky }) => flaky),
      [false, false, false, true, false, false],
    );
  });

  it('takes no row for another attempt at one that holds the same', () => {
    const alike = { testId: 'tst_a', row: { a: 1 } };
    const outcomes = sessionOutcomes(
      aReport([
        aSession('a', [], { ...alike, rowIndex: 0, status: 'failed' }),
        aSession('b', [], { ...alike, rowIndex: 1 }),
      ]),
    );
    assert.deepEqual(
      outcomes.map(({ session, superseded, flaky }) => [session.id, superseded, flaky]),
      [
        ['a', false, false],
        ['b', false, false],
      ],
    );
  });
});

describe('what is told of a session', () => {
  it('finds its broken steps', () => {
    const session = aSession('a', [aStep({ command: 'misc.log', text: 'x' }), failedStep], { status: 'failed' });
    assert.deepEqual(
      failuresOf(session).map(({ step }) => step),
      [failedStep],
    );
  });

  it('names its row and attempt', () => {
    assert.equal(
      variantOf(aSession('a', [], { row: { word: 'tea', n: { a: 1 } }, attempt: 2 })),
      'word: tea, n: {"a":1}, attempt 2',
    );
    assert.equal(variantOf(aSession('a', [])), '');
  });

  it('says what was wrong, from the error or from what was expected', () => {
    assert.equal(complaintOf(failedStep), 'The total is wrong.');
    const silent = aStep({ command: 'assert.gt' }, { status: 'failed', expected: 3, actual: 'two' });
    assert.equal(complaintOf(silent), 'expected 3, found “two”');
    assert.equal(complaintOf(aStep({ command: 'assert.exists' }, { status: 'failed' })), undefined);
    assert.equal(complaintOf(aStep({ command: 'assert.exists' }, { expected: 'x' })), 'expected “x”, found nothing');
  });

  it('shows every status in one of four tones', () => {
    assert.deepEqual(['passed', 'failed', 'error', 'running', 'cancelled'].map(toneOf), [
      'passed',
      'failed',
      'error',
      'quiet',
      'quiet',
    ]);
  });
});
