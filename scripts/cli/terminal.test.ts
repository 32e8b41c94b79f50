import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { duration, paint, terminalOf } from './terminal.ts';

function aStream(properties: object = {}) {
  const stream = Object.assign(
    new EventEmitter(),
    { written: '', ...properties },
    {
      write(text: string) {
        stream.written += text;
        return true;
      },
    },
  ) as EventEmitter & { written: string; columns?: number };
  return {
    stream,
    terminal: (options = { colour: true }) => terminalOf(stream as unknown as NodeJS.WriteStream, options),
  };
}

describe('a terminal', () => {
  const { NO_COLOR, TERM } = process.env;
  beforeEach(() => {
    delete process.env.NO_COLOR;
    process.env.TERM = 'xterm';
  });
  afterEach(() => {
    for (const [name, value] of Object.entries({ NO_COLOR, TERM })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('is live and has colours when it is one', () => {
    const { live, colour, width } = aStream({ isTTY: true, columns: 120 }).terminal();
    assert.deepEqual({ live, colour, width }, { live: true, colour: true, width: 120 });
  });

  it('has neither, and no width, when it is a file or a pipe', () => {
    const { live, colour, width } = aStream().terminal();
    assert.deepEqual({ live, colour, width }, { live: false, colour: false, width: Number.POSITIVE_INFINITY });
  });

  it('has no colours when they are not wanted, and no art at all when it is dumb', () => {
    const tty = aStream({ isTTY: true });
    assert.equal(tty.terminal({ colour: false }).colour, false);
    process.env.NO_COLOR = '1';
    assert.equal(tty.terminal().colour, false);
    delete process.env.NO_COLOR;
    process.env.TERM = 'dumb';
    assert.deepEqual([tty.terminal().live, tty.terminal().colour], [false, false]);
  });

  it('has the width that it has now, and one of 80 when it knows none', () => {
    const { stream, terminal } = aStream({ isTTY: true, columns: 0 });
    const it = terminal();
    assert.equal(it.width, 80);
    stream.columns = 40;
    assert.equal(it.width, 40);
  });

  it('that is quiet says nothing', () => {
    const { stream } = aStream({ isTTY: true });
    const quiet = terminalOf(stream as unknown as NodeJS.WriteStream, { colour: true, quiet: true });
    quiet.write('hello');
    assert.equal(stream.written, '');
    assert.equal(quiet.live, false);
  });

  it('whose reader has gone is no trouble, any other error is', () => {
    const { stream, terminal } = aStream();
    terminal();
    terminal();
    stream.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
    assert.throws(() => stream.emit('error', Object.assign(new Error('broken'), { code: 'EIO' })), /broken/);
    assert.equal(stream.listenerCount('error'), 1);
  });
});

describe('paint', () => {
  it('is escape codes where colours are wanted, the bare text elsewhere', () => {
    assert.equal(paint({ colour: false }, 'red', 'x'), 'x');
    assert.equal(paint({ colour: true }, 'red', 'x'), '\u001b[31mx\u001b[39m');
  });
});

describe('duration', () => {
  it('is told in the units that fit, and never as 60 of the smaller', () => {
    for (const [ms, text] of [
      [0, '0 ms'],
      [999.4, '999 ms'],
      [999.6, '1.0 s'],
      [12_345, '12.3 s'],
      [59_949, '59.9 s'],
      [59_999, '1 min 0 s'],
      [119_900, '2 min 0 s'],
      [125_000, '2 min 5 s'],
    ] as const)
      assert.equal(duration(ms), text);
  });
});
