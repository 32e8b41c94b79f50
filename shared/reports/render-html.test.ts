import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { runReport } from '../../schemas/report.ts';
import { renderHtml } from './render-html.ts';
import { aReport, aSession, aStep, failedStep, hostile } from './report.testing.ts';
import { renderResultsJson } from './results-json.ts';

const log = { command: 'misc.log', text: 'x' };
const png = Buffer.from('iVBORw0KGgoAAAAASUVORK5CYII=', 'base64');
const failed = aReport([
  aSession('ok', [aStep(log, {}, 'ok/0/0.jpg')]),
  aSession('bad', [failedStep], { status: 'failed' }),
]);
const count = (text: string, part: string): number => text.split(part).length - 1;

describe('renderHtml', () => {
  it('says the verdict first, then what went wrong, with a link to the step', () => {
    const page = renderHtml(failed);
    assert.match(page, /<title>1 of 2 sessions failed · run_1<\/title>/);
    assert.match(page, /<h1>1 of 2 sessions failed<\/h1>/);
    assert.match(page, /<section class="troubles"[\s\S]*href="#step-bad-0-0"[\s\S]*The total is wrong\./);
    assert.ok(page.includes('id="step-bad-0-0"'));
    assert.ok(page.indexOf('Test bad') < page.indexOf('Test ok</bdi></h3>'));
  });

  it('says the verdict of every kind of run', () => {
    const verdict = (...args: Parameters<typeof aReport>): string | undefined =>
      /<h1>(.*)<\/h1>/.exec(renderHtml(aReport(...args)))?.[1];
    assert.equal(verdict([aSession('1', []), aSession('2', [])]), 'All 2 sessions passed');
    assert.equal(verdict([aSession('1', [])]), 'The session passed');
    assert.equal(
      verdict([aSession('1', [], { status: 'failed' }), aSession('2', [], { status: 'error' })]),
      '1 of 2 sessions failed, 1 had errors',
    );
    assert.equal(verdict([aSession('1', [], { status: 'error' })]), '1 of 1 session had errors');
    assert.equal(verdict([], { status: 'queued' }), 'Waiting to start');
    assert.equal(verdict([aSession('1', [])], { status: 'running' }), 'Running: 1 of 1 session passed so far');
    assert.equal(verdict([], { status: 'cancelled' }), 'Cancelled: 0 of 0 sessions passed');
    assert.equal(verdict([], { status: 'error' }), 'Ended with errors');
  });

  it('shows all that a failed step has', () => {
    const page = renderHtml(failed);
    for (const part of [
      '<dt>Expected</dt><dd tabindex="0"><bdi>€ 7<mark>9</mark>.80',
      '<dt>Actual</dt><dd tabindex="0"><bdi>€ 7<mark>1</mark>.80',
      'Is the coupon still valid?',
      'dd#total',
      'hint:label',
      'Healed',
      '87 % sure',
      'Might have become',
      '55 % sure: at the same position',
      'a dialog was dismissed',
      'GET /voucher.js 404',
      '1 console message, 1 failed request',
      'button &quot;Total&quot;',
    ])
      assert.ok(page.includes(part), part);
  });

  it('opens what is broken and leaves the rest folded', () => {
    const page = renderHtml(failed);
    assert.match(page, /<details class="session failed" id="session-bad" data-groups="failed" open>/);
    assert.match(page, /<details class="session passed" id="session-ok" data-groups="">/);
  });

  it('needs nothing from anywhere, and lets only its own script and style be used', () => {
    const page = renderHtml(failed, { screenshots: () => png });
    assert.doesNotMatch(page, /(?:src|href)="(?!data:|#)/);
    assert.doesNotMatch(page, /url\(|@import|\sstyle="|\son\w+="/);
    for (const [name, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ]) {
      const [, text = ''] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(page) ?? [];
      const digest = createHash('sha256').update(text).digest('base64');
      assert.ok(page.includes(`${directive} &#39;sha256-${digest}&#39;`), name);
    }
  });

  it('embeds screenshots within the budget and links the others', () => {
    const whole = renderHtml(failed, { screenshots: () => png });
    assert.equal(count(whole, '<img src="data:image/png;base64,'), 2);
    const tight = renderHtml(failed, { screenshots: () => png, screenshotBudget: 60 });
    assert.equal(count(tight, '<img src="data:'), 1);
    assert.match(tight, /<a class="file" href="..\/ok\/0\/0\.jpg">Screenshot<\/a>/);
  });

  it('lets hostile text be nothing but text', () => {
    const step = aStep(
      { command: hostile, target: hostile, label: hostile },
      {
        ...failedStep.result,
        command: hostile,
        expected: hostile,
        actual: { [hostile]: hostile },
        value: hostile,
        notes: [hostile],
        problems: [hostile],
        label: hostile,
        error: { type: hostile, message: hostile, hint: hostile },
        target: { given: hostile, resolved: `${hostile}.`, strategy: hostile, candidates: [hostile] },
        healed: { from: hostile, to: hostile, confidence: 1, evidence: [hostile] },
        proposed: { from: hostile, to: hostile, confidence: 1, evidence: [hostile] },
      },
    );
    step.screenshot = { name: hostile, href: 'javascript:alert(1)' };
    const session = aSession(hostile, [step], {
      status: 'failed',
      testName: hostile,
      file: hostile,
      tags: [hostile],
      row: { [hostile]: hostile },
      baseUrl: 'javascript:alert(1)',
      trace: 'javascript:alert(1)',
      browser: hostile,
      error: { type: hostile, message: hostile, hint: hostile },
    });
    const report = {
      ...aReport([session], { id: hostile, trigger: hostile, environment: hostile }),
      version: hostile,
      generatedAt: hostile,
    };
    const page = renderHtml(report);
    const plain = renderHtml(aReport([aSession('a', [failedStep], { status: 'failed' })]));
    for (const opening of ['<script', '</script', '<style', '</style', '<title', '</title'])
      assert.equal(count(page, opening), count(plain, opening), opening);
    assert.equal(count(page, '<img'), 1);
    assert.doesNotMatch(page, /href="javascript/);
    assert.ok(!page.includes('\u0000') && !page.includes('\u001b') && page.isWellFormed());
    assert.doesNotMatch(page, /id="[^"]*[^\w"-][^"]*"/);
  });

  it('tells flaky tests and attempts that no longer count', () => {
    const first = aSession('a', [failedStep], { status: 'failed', testId: 't' });
    const page = renderHtml(
      aReport([first, aSession('b', [], { attempt: 2, testId: 't', resumed: 2 })], { status: 'passed' }),
    );
    assert.match(page, /data-filter="flaky" aria-pressed="false">Flaky <span>1</);
    assert.doesNotMatch(page, /data-filter="failed"/);
    assert.doesNotMatch(page, /What went wrong/);
    for (const chip of ['tried again', 'flaky', 'resumed 2 times', 'attempt 2']) assert.ok(page.includes(chip), chip);
  });

  it('holds hundreds of sessions, and names each kind of trouble once', () => {
    const sessions = Array.from({ length: 400 }, (_, index) =>
      aSession(
        `s${index}`,
        Array.from({ length: 5 }, () => failedStep),
        { status: 'failed' },
      ),
    );
    const page = renderHtml(aReport(sessions));
    assert.equal(count(page, '<details class="session'), 400);
    assert.match(page, /and 399 other sessions/);
  });
});

describe('renderResultsJson', () => {
  it('gives the report whole, in the shape of its contract', () => {
    const read: unknown = JSON.parse(renderResultsJson(failed));
    assert.deepEqual(read, failed);
    assert.deepEqual(runReport.problems(read), []);
  });
});
