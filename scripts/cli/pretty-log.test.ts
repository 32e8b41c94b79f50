import assert from 'node:assert/strict';
import { prettyLine } from './pretty-log.ts';

const plain = (entry: unknown) =>
  prettyLine(typeof entry === 'string' ? entry : JSON.stringify(entry), { colour: false });

describe('a log line for people', () => {
  const entry = { time: '2026-03-04T09:05:10.123Z', severity: 'INFO', function: 'runs', message: 'GET /v1/runs 200' };

  it('is time, function, message and how long it took', () => {
    assert.equal(plain(entry), '09:05:10.123 runs              GET /v1/runs 200\n');
    assert.equal(plain({ ...entry, duration_ms: 12 }), '09:05:10.123 runs              GET /v1/runs 200 12 ms\n');
    assert.match(plain({ message: 'up' }), /^ cloud +up\n$/);
  });

  it('shows where an error was thrown', () => {
    assert.match(
      plain({ ...entry, severity: 'ERROR', stack_trace: 'Error: x\n    at y' }),
      /200\nError: x\n {4}at y\n$/,
    );
  });

  it('has the colour of its severity where colours are wanted', () => {
    const painted = (severity: string) => prettyLine(JSON.stringify({ ...entry, severity }), { colour: true });
    assert.ok(painted('WARNING').includes('\u001b[33mGET'));
    for (const severity of ['ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'])
      assert.ok(painted(severity).includes('\u001b[31mGET'), severity);
  });

  it('is the line itself when it is no entry, whatever a function prints', () => {
    for (const line of ['hello', 'null', '42', '[1]', '"x"', '{', '']) assert.equal(plain(line), `${line}\n`);
  });

  it('gives the terminal no orders', () => {
    const stack_trace = 'Error: \u001b[2J\n    at \u001b[2J';
    const lines = [{ ...entry, message: 'a\u001b[2Jb' }, '\u001b[2J', { ...entry, stack_trace }];
    assert.ok(!lines.map(plain).join('').includes('\u001b'));
  });
});
