import type { ReportedResult, ReportedSession, ReportedStep, RunReport } from '../../schemas/report.ts';

/** A step with its result, for tests. */
export function aStep(
  step: ReportedStep['step'],
  result: Partial<ReportedResult> = {},
  screenshot?: string,
): ReportedStep {
  return {
    step,
    result: {
      command: step.command,
      index: 0,
      status: 'passed',
      startedAt: '2026-03-04T09:05:11.000Z',
      durationMs: 120,
      console: 0,
      network: { requests: 1, failed: 0 },
      ...result,
    },
    ...(screenshot ? { screenshot: { name: screenshot, href: `../${screenshot}` } } : {}),
  };
}

/** A session of one checkpoint, for tests. */
export function aSession(id: string, steps: ReportedStep[], given: Partial<ReportedSession> = {}): ReportedSession {
  const status = given.status ?? 'passed';
  return {
    id,
    testId: `tst_${id}`,
    testName: `Test ${id}`,
    tags: [],
    status,
    attempt: 1,
    startedAt: '2026-03-04T09:05:10.000Z',
    endedAt: '2026-03-04T09:05:12.500Z',
    durationMs: 2500,
    browser: 'chromium 147',
    resumed: 0,
    checkpoints: [
      {
        id: `chk_${id}`,
        position: 0,
        name: 'Check out',
        status: status === 'failed' || status === 'error' ? status : 'passed',
        durationMs: 2000,
        steps,
      },
    ],
    ...given,
  };
}

/** A report of these sessions, for tests. */
export function aReport(sessions: ReportedSession[], run: Partial<RunReport['run']> = {}): RunReport {
  const count = (status: string): number => sessions.filter((session) => session.status === status).length;
  const checkpoints = sessions.flatMap((session) => session.checkpoints);
  return {
    run: {
      id: 'run_1',
      status: count('failed') + count('error') > 0 ? 'failed' : 'passed',
      trigger: 'api',
      startedAt: '2026-03-04T09:05:10.000Z',
      endedAt: '2026-03-04T09:05:13.000Z',
      durationMs: 3000,
      totals: {
        sessions: sessions.length,
        passed: count('passed'),
        failed: count('failed'),
        error: count('error'),
        checkpoints: checkpoints.length,
        steps: checkpoints.flatMap(({ steps }) => steps).length,
      },
      ...run,
    },
    sessions,
    generatedAt: '2026-03-04T09:05:14.000Z',
    version: '0.1.0',
  };
}

/** Text that tries to break out of wherever it is put. */
export const hostile = `</script></style></title>--><script>alert('x')</script>"'><img src=x onerror=alert(1)>&amp;]]>\u202e\u0000\u001b[31m\ud800`;

/** A step that failed, with everything that a failure can have. */
export const failedStep = aStep(
  { command: 'assert.equals', target: 'Order total', value: '€ 79.80' },
  {
    status: 'failed',
    expected: '€ 79.80',
    actual: '€ 71.80',
    target: { given: 'Order total', resolved: 'dd#total', strategy: 'hint:label', candidates: ['button "Total"'] },
    healed: { from: 'Order total', to: '#total', confidence: 0.87, evidence: ['same role'] },
    proposed: { from: 'Order total', to: '#sum', confidence: 0.55, evidence: ['at the same position'] },
    error: { type: 'AssertionFailed', message: 'The total is wrong.', hint: 'Is the coupon still valid?' },
    notes: ['a dialog was dismissed'],
    console: 1,
    network: { requests: 3, failed: 1 },
    problems: ['GET /voucher.js 404'],
  },
  'ses_1/0/1.jpg',
);
