import assert from 'node:assert/strict';
import type { Diagnostic } from '../../schemas/test-definition.ts';
import { formatDiagnostic } from './diagnostics.ts';

const problem: Diagnostic = {
  severity: 'error',
  code: 'unknown-key',
  message: "unknown key 'desk'",
  line: 2,
  column: 3,
  text: 'desk',
  hint: "Did you mean 'desc'?",
  file: 'shop.yaml',
};

describe('a diagnostic in a terminal', () => {
  it('has its place, the line with carets, and the hint', () => {
    assert.equal(
      formatDiagnostic(problem, { source: 'a\n  desk: b\n' }),
      `shop.yaml:2:3  error  unknown key 'desk'\n  2 |   desk: b\n        ^^^^\n  hint: Did you mean 'desc'?`,
    );
  });

  it('does without the source and without a hint', () => {
    const { hint: _, ...bare } = problem;
    assert.equal(formatDiagnostic(bare), "shop.yaml:2:3  error  unknown key 'desk'");
  });

  it('shows the part of a long line that it is about', () => {
    const source = `\n${'x'.repeat(500)}desk${'y'.repeat(500)}`;
    const [, line = '', carets = ''] = formatDiagnostic({ ...problem, column: 501 }, { source }).split('\n');
    assert.equal(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'desk');
    assert.ok(line.length < 120);
  });

  it('is coloured when asked, and never by the file', () => {
    const source = 'a\n\u001B[31mdesk\n';
    assert.ok(!formatDiagnostic(problem, { source }).includes('\u001B'));
    assert.ok(formatDiagnostic(problem, { source, colour: true }).includes('\u001B[31merror\u001B[0m'));
  });
});
