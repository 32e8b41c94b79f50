import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { ReportedSession } from '../../schemas/report.ts';
import { aReport, aSession, aStep } from '../../shared/reports/report.testing.ts';
import { summary } from './summary.ts';

const passing = aStep({ command: 'navigate.to', url: '/' });
const failing = aStep(
  { command: 'assert.equals', target: '#total', value: '10' },
  {
    status: 'failed',
    expected: '10',
    actual: { total: 9 },
    error: { type: 'assertion', message: 'It differs.', hint: 'Look at the cart.' },
  },
);
const summaryOf = (...sessions: ReportedSession[]) => summary(aReport(sessions), { colour: false });

describe('the summary of a run', () => {
  it('is one line of totals when all is well', () => {
    assert.equal(summaryOf(aSession('a', [passing]), aSession('b', [passing])), '\n2 passed · 2 steps · 3.0 s\n');
  });

  it('shows of a test that failed its first trouble: where, what, expected and actual, and the hint', () => {
    assert.equal(
      summaryOf(aSession('a', [passing, failing, failing], { status: 'failed', testName: 'Cart' })),
      [
        '',
        '✘ Cart failed',
        '    Check out, step 2: “#total” equals “10”',
        '    It differs.',
        '    expected 10',
        '    actual   {',
        '      "total": 9',
        '    }',
        '    hint: Look at the cart.',
        '',
        '0 passed, 1 failed · 3 steps · 3.0 s',
        '',
      ].join('\n'),
    );
  });

  it('shows why a test could not be executed at all', () => {
    const error = { type: 'browser', message: 'No browser.', hint: 'Wait.' };
    assert.match(
      summaryOf(aSession('a', [], { status: 'error', error })),
      /✘ Test a error\n {4}No browser\.\n {4}hint: Wait\.\n\n0 passed, 1 could not be executed/,
    );
  });

  it('tells of a run that was to fail fast what stopped it, and how many it spared', () => {
    const sessions = [aSession('a', [failing], { status: 'failed' }), aSession('b', [], { status: 'cancelled' })];
    const text = summary(aReport(sessions, { status: 'failed', stoppedBy: 'Test a' }), { colour: false });
    assert.match(
      text,
      /Stopped at the first failure, of 'Test a' \(--fail-fast\)\.\n\n0 passed, 1 failed, 1 cancelled · /,
    );
    assert.doesNotMatch(text, /Test b/);
  });

  it('tells of a run whose time was over, and only counts what that spared', () => {
    const sessions = [aSession('a', [failing], { status: 'failed' }), aSession('b', [], { status: 'cancelled' })];
    const error = 'The run took longer than its 5000 ms: what had not ended was cancelled.';
    const text = summary(aReport(sessions, { status: 'error', error }), { colour: false });
    assert.match(
      text,
      /longer than its 5000 ms: what had not ended was cancelled\.\n\n0 passed, 1 failed, 1 cancelled · /,
    );
    assert.doesNotMatch(text, /Test b/);
  });

  it('tells which row failed', () => {
    assert.match(
      summaryOf(aSession('a', [failing], { status: 'failed', row: { user: 'ada' } })),
      /✘ Test a \(user: ada\) failed/,
    );
  });

  it('tells of a test that passed only when tried again, and not that it failed', () => {
    const text = summaryOf(
      aSession('a1', [failing], { status: 'failed', testId: 't', testName: 'Flaky' }),
      aSession('a2', [passing], { testId: 't', testName: 'Flaky', attempt: 2 }),
    );
    assert.match(text, /! Flaky passed at attempt 2; before:\n {4}Check out, step 1: /);
    assert.doesNotMatch(text, /✘/);
  });

  it('shows a test that failed each time once, as it was the last time', () => {
    const text = summaryOf(
      aSession('a1', [failing], { status: 'failed', testId: 't' }),
      aSession('a2', [passing, failing], { status: 'failed', testId: 't', attempt: 2 }),
    );
    assert.equal(text.match(/✘/g)?.length, 1);
    assert.match(text, /step 2/);
  });

  it('cuts what is long, and gives the terminal no orders', () => {
    const bad = aStep(
      { command: 'assert.exists', target: '\u001b[2J' },
      { status: 'failed', actual: '\u001b[31m'.padEnd(100_000, 'x') },
    );
    const text = summaryOf(aSession('a', [bad], { status: 'failed', testName: 'a\u001b[2Jb' }));
    assert.ok(text.length < 1500, `${text.length}`);
    assert.ok(!text.includes('\u001b'));
  });

  it('has colours only where they are wanted', () => {
    const report = aReport([aSession('a', [failing], { status: 'failed' })]);
    const painted = summary(report, { colour: true });
    assert.notEqual(painted, stripVTControlCharacters(painted));
    assert.equal(stripVTControlCharacters(painted), summary(report, { colour: false }));
  });
});
