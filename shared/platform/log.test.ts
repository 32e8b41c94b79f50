import assert from 'node:assert/strict';
import { createLogger, type Severity } from './log.ts';
import { withLogContext } from './trace.ts';

describe('the log', () => {
  function bench(least: Severity = 'DEBUG') {
    const lines: Record<string, unknown>[] = [];
    const write = (line: string) => {
      assert.ok(!line.includes('\n'));
      lines.push(JSON.parse(line) as Record<string, unknown>);
    };
    return { lines, log: createLogger({ write, least, project: 'p', now: () => 0 }) };
  }

  it('writes one JSON line an event', () => {
    const { lines, log } = bench();
    log.info('two\nlines', { run_id: 'run_1' });
    assert.deepEqual(lines, [
      { severity: 'INFO', message: 'two\nlines', time: '1970-01-01T00:00:00.000Z', run_id: 'run_1' },
    ]);
  });

  it('leaves out what is below its threshold', () => {
    const { lines, log } = bench('WARNING');
    log.debug('d');
    log.info('i');
    log.warning('w');
    log.error('e', new Error('x'));
    assert.deepEqual(
      lines.map(({ severity }) => severity),
      ['WARNING', 'ERROR'],
    );
  });

  it('names the trace, the span, the function and what was annotated', () => {
    const { lines, log } = bench();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    withLogContext({ traceparent, function: 'runs', fields: { request_id: 'req_1' } }, () => log.info('hello'));
    assert.equal(lines[0]?.['logging.googleapis.com/trace'], 'projects/p/traces/0af7651916cd43dd8448eb211c80319c');
    assert.equal(lines[0]?.['logging.googleapis.com/spanId'], 'b7ad6b7169203331');
    assert.equal(lines[0]?.function, 'runs');
    assert.equal(lines[0]?.request_id, 'req_1');
  });

  it('writes a bug so that Error Reporting finds it, with the stack of its causes', () => {
    const { lines, log } = bench();
    log.error('broken', new Error('outer', { cause: new TypeError('inner', { cause: 'a string' }) }));
    assert.match(String(lines[0]?.['@type']), /ReportedErrorEvent$/);
    assert.match(
      String(lines[0]?.stack_trace),
      /^Error: outer[\s\S]+Caused by: TypeError: inner[\s\S]+Caused by: a string$/,
    );
  });

  it('never lets a field take the place of severity, message or time', () => {
    const { lines, log } = bench();
    log.warning('mine', { severity: 'DEBUG', message: 'theirs', time: 'never' });
    assert.equal(lines[0]?.severity, 'WARNING');
    assert.equal(lines[0]?.message, 'mine');
    assert.equal(lines[0]?.time, '1970-01-01T00:00:00.000Z');
  });

  it('survives fields that are no JSON', () => {
    const { lines, log } = bench();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    log.info('odd', { big: 10n, circle });
    assert.equal(lines[0]?.message, 'odd');
    assert.equal(lines[0]?.severity, 'INFO');
  });
});
