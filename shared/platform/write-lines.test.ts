import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { lineWriter } from './write-lines.ts';

describe('lines of a log', () => {
  function bench() {
    const written: string[] = [];
    const host = new EventEmitter();
    const stream = { write: (text: string) => written.push(text) > 0 };
    return { written, host, write: lineWriter(stream as never, host as never) };
  }

  it('that come together are written together, after what made them', async () => {
    const { written, write } = bench();
    write('one');
    write('two');
    assert.deepEqual(written, []);
    await setImmediate();
    write('three');
    await setImmediate();
    assert.deepEqual(written, ['one\ntwo\n', 'three\n']);
  });

  it('are written when the process ends, once', async () => {
    const { written, host, write } = bench();
    write('one');
    host.emit('exit');
    assert.deepEqual(written, ['one\n']);
    await setImmediate();
    assert.deepEqual(written, ['one\n']);
  });

  it('leave one listener behind, however many there are', () => {
    const { host, write } = bench();
    for (let n = 0; n < 20; n++) write('line');
    assert.equal(host.listenerCount('exit'), 1);
  });
});
