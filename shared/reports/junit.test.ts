import assert from 'node:assert/strict';
import { renderJunit } from './junit.ts';
import { aReport, aSession, aStep, failedStep, hostile } from './report.testing.ts';
import { readXml, type XmlNode } from './xml.testing.ts';

const all = (node: XmlNode, name: string): XmlNode[] => [
  ...(node.name === name ? [node] : []),
  ...node.children.flatMap((child) => all(child, name)),
];

describe('renderJunit', () => {
  const log = aStep({ command: 'misc.log', text: 'x' });

  it('makes a suite of a session and a case of a checkpoint', () => {
    const session = aSession('ses_1', [log, failedStep], {
      status: 'failed',
      file: 'tests/a.yaml',
      tags: ['smoke'],
      row: { word: 'tea' },
      baseUrl: 'https://shop.test',
    });
    const root = readXml(renderJunit(aReport([session, aSession('ses_2', [log])])));
    assert.deepEqual(root.attributes, {
      name: 'run_1',
      tests: '2',
      failures: '1',
      errors: '0',
      skipped: '0',
      time: '3.000',
      timestamp: '2026-03-04T09:05:10.000Z',
    });
    const [suite, other] = all(root, 'testsuite');
    assert.equal(suite?.attributes.name, 'Test ses_1 [word: tea]');
    assert.equal(suite?.attributes.failures, '1');
    assert.equal(other?.attributes.failures, '0');
    const [testcase] = suite ? all(suite, 'testcase') : [];
    assert.deepEqual(testcase?.attributes, {
      name: 'Check out',
      classname: 'Test ses_1 [word: tea]',
      time: '2.000',
      file: 'tests/a.yaml',
    });
    const properties = all(root, 'property').map(({ attributes }) => [attributes.name, attributes.value]);
    assert.deepEqual(properties.slice(0, 7), [
      ['session', 'ses_1'],
      ['test', 'tst_ses_1'],
      ['attempt', '1'],
      ['browser', 'chromium 147'],
      ['baseUrl', 'https://shop.test'],
      ['tags', 'smoke'],
      ['row.word', 'tea'],
    ]);
  });

  it('says what failed, what was expected and how to mend it', () => {
    const root = readXml(renderJunit(aReport([aSession('a', [failedStep], { status: 'failed' })])));
    const [failure] = all(root, 'failure');
    assert.equal(failure?.attributes.message, '“Order total” equals “€ 79.80”: The total is wrong.');
    assert.equal(failure?.attributes.type, 'AssertionFailed');
    assert.match(
      failure?.text ?? '',
      /Expected: € 79\.80\nActual: € 71\.80\nHint: Is the coupon still valid\?\nGET \/voucher\.js 404\nScreenshot: /,
    );
    assert.match(all(root, 'system-out')[0]?.text ?? '', /^failed {2}“Order total” equals “€ 79\.80” \(120 ms\)$/);
  });

  it('tells errors from failures, and stands in for sessions that have nothing to show', () => {
    const broken = aSession('a', [], {
      status: 'error',
      checkpoints: [],
      error: { type: 'NavigationError', message: 'refused', hint: 'Is it on?' },
    });
    const root = readXml(renderJunit(aReport([broken, aSession('b', [], { status: 'cancelled', checkpoints: [] })])));
    const [error] = all(root, 'error');
    assert.deepEqual(
      [error?.attributes.message, error?.attributes.type, error?.text],
      ['refused', 'NavigationError', 'Is it on?'],
    );
    assert.equal(all(root, 'skipped')[0]?.attributes.message, 'cancelled');
    assert.deepEqual([root.attributes.errors, root.attributes.skipped], ['1', '1']);
  });

  it('counts what was cancelled once, and says so', () => {
    const [checkpoint] = aSession('a', [log]).checkpoints;
    const pending = { ...checkpoint, name: 'Pay', status: 'pending' as const } as NonNullable<typeof checkpoint>;
    const some = aSession('a', [log], { status: 'cancelled', checkpoints: [checkpoint as never, pending] });
    const whole = aSession('b', [log], { status: 'cancelled' });
    const root = readXml(renderJunit(aReport([some, whole])));
    assert.deepEqual(
      all(root, 'testcase').map(({ attributes, children: [first] }) => [
        attributes.name,
        first?.name,
        first?.attributes.message,
      ]),
      [
        ['Check out', 'system-out', undefined],
        ['Pay', 'skipped', 'cancelled'],
        ['Check out', 'system-out', undefined],
        ['session', 'skipped', 'cancelled'],
      ],
    );
    assert.deepEqual([root.attributes.tests, root.attributes.skipped], ['4', '2']);
  });

  it('has an error for a run that ended before its end', () => {
    const error = 'The run took longer than its 2000 ms: what had not ended was cancelled.';
    const root = readXml(renderJunit(aReport([aSession('a', [log])], { status: 'error', error })));
    assert.deepEqual([root.attributes.tests, root.attributes.errors], ['2', '1']);
    assert.deepEqual(
      all(root, 'error').map(({ attributes }) => attributes.message),
      [error],
    );
    assert.deepEqual(all(root, 'testsuite').at(-1)?.attributes.name, 'run_1');
  });

  it('counts only the last attempt, and tells of the earlier ones', () => {
    const first = aSession('ses_1', [failedStep], { status: 'failed', testId: 'tst' });
    const second = aSession('ses_2', [log], { attempt: 2, testId: 'tst', testName: 'Test ses_1' });
    const root = readXml(renderJunit(aReport([first, second])));
    assert.deepEqual([root.attributes.tests, root.attributes.failures], ['1', '0']);
    assert.match(all(root, 'system-out').at(-1)?.text ?? '', /^Attempt 1: failed — .*The total is wrong\. \(ses_1\)$/);
  });

  it('leads with the error where a checkpoint has failures and errors', () => {
    const error = aStep(
      { command: 'interact.click', target: 'Gift' },
      { status: 'error', error: { type: 'element-not-found', message: 'there is no Gift' } },
    );
    const root = readXml(renderJunit(aReport([aSession('a', [failedStep, error], { status: 'error' })])));
    const [shown] = all(root, 'error');
    assert.deepEqual(
      [shown?.attributes.type, shown?.attributes.message],
      ['element-not-found', 'Click “Gift”: there is no Gift'],
    );
    assert.match(shown?.text ?? '', /The total is wrong[\s\S]*there is no Gift/);
  });

  it('stays well-formed with hostile text, and shows control characters', () => {
    const step = aStep(
      { command: 'misc.log', text: hostile },
      { status: 'error', error: { type: hostile, message: hostile, hint: hostile } },
    );
    const session = aSession('x', [step], {
      status: 'error',
      testName: hostile,
      row: { [hostile]: hostile },
      tags: [hostile],
    });
    const text = renderJunit(aReport([session]));
    const [error] = all(readXml(text), 'error');
    const shown = hostile.replace('\u0000', '\\u0000').replace('\u001b', '\\u001b').toWellFormed();
    assert.equal(error?.attributes.type, shown);
    assert.ok(error?.text.includes(`Hint: ${shown}`));
  });

  it('shortens what is as long as a page', () => {
    const page = 'lorem ipsum '.repeat(200_000);
    const step = aStep({ command: 'assert.equals', target: 'body', value: 'ok' }, { status: 'failed', actual: page });
    const text = renderJunit(aReport([aSession('a', [step], { status: 'failed' })]));
    assert.ok(text.length < 100_000, `${text.length} characters`);
    assert.match(all(readXml(text), 'failure')[0]?.text ?? '', /Actual: lorem ipsum .*…/);
  });

  it('keeps line breaks in attributes', () => {
    const session = aSession('x', [], {
      status: 'error',
      checkpoints: [],
      error: { type: 'E', message: 'one\ntwo\tthree' },
    });
    assert.equal(all(readXml(renderJunit(aReport([session]))), 'error')[0]?.attributes.message, 'one\ntwo\tthree');
  });
});
