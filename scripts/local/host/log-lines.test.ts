import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { logLines } from './log-lines.ts';

describe('the log of a function', () => {
  it('has every line under its name, however it is written', async () => {
    const lines: unknown[] = [];
    const stream = new PassThrough();
    logLines(stream, 'ERROR', 'web', (line) => lines.push(JSON.parse(line)));
    stream.write('plain\n\n{"severity":"NOTICE","message":"told"}\n{"message":"own","function":"other"}\n{"bro');
    stream.end('ken\nno line end');
    await finished(stream);
    assert.deepEqual(lines, [
      { severity: 'ERROR', message: 'plain', function: 'web' },
      { severity: 'NOTICE', message: 'told', function: 'web' },
      { message: 'own', function: 'other' },
      { severity: 'ERROR', message: '{"broken', function: 'web' },
      { severity: 'ERROR', message: 'no line end', function: 'web' },
    ]);
  });
});
