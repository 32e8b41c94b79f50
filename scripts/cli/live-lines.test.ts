import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { SessionView } from './api-client.ts';
import { liveView, sessionLine } from './live-view.ts';
import { columnsOf } from './one-line.ts';
import { aTerminal } from './recorded-terminal.testing.ts';

const START = Date.parse('2026-03-04T09:00:00Z');
const at = (ms: number) => new Date(START + ms).toISOString();
function aSession(given: Partial<SessionView> = {}): SessionView {
  return { id: 's1', testName: 'Log in', status: 'queued', attempt: 1, attempts: 1, superseded: false, ...given };
}
const passed = aSession({ status: 'passed', startedAt: at(0), endedAt: at(1234) });
const running = aSession({
  status: 'running',
  startedAt: at(0),
  progress: { checkpoint: 'Cart', step: 'interact.click', done: 2, total: 7 },
});

describe('the line of a test', () => {
  const line = (session: SessionView, given: Parameters<typeof aTerminal>[0] = {}) =>
    sessionLine(session, START + 5000, aTerminal(given));

  it('is its verdict and its time', () => {
    assert.equal(line(aSession()), '  · Log in');
    assert.equal(line(passed), '  ✔ Log in 1.2 s');
    assert.equal(line({ ...passed, status: 'failed' }), '  ✘ Log in 1.2 s');
    assert.equal(line({ ...passed, status: 'error' }), '  ✘ Log in 1.2 s');
    assert.equal(line({ ...passed, status: 'cancelled' }), '  - Log in 1.2 s');
  });

  it('is what the test is doing while it runs, and since when', () => {
    assert.equal(line(running), '  › Log in Cart: interact.click 3/7 5.0 s');
    const { progress = { checkpoint: '', step: '', done: 0, total: 0 } } = running;
    assert.equal(line({ ...running, progress: { ...progress, done: 7 } }), '  › Log in Cart: interact.click 7/7 5.0 s');
  });

  it('has the row and the attempt', () => {
    assert.equal(
      line({ ...passed, attempt: 2, row: { user: 'ada', age: 36, tags: ['a'], none: null } }),
      '  ✔ Log in (ada, 36, ["a"], null) attempt 2 1.2 s',
    );
  });

  it('has colours only where they are wanted', () => {
    assert.equal(line(passed), stripVTControlCharacters(line(passed, { colour: true })));
    assert.ok(line(passed, { colour: true }).startsWith('  \u001b[32m✔\u001b[39m Log in\u001b[2m 1.2 s'));
  });

  it('is never longer than the terminal is wide', () => {
    const names = [
      'x'.repeat(200),
      '日本語のテスト'.repeat(20),
      '👩‍👩‍👧‍👦❤️'.repeat(40),
      'é'.normalize('NFD').repeat(90),
      'short',
    ];
    for (const testName of names)
      for (const colour of [false, true])
        for (let width = 5; width < 120; width++)
          for (const session of [
            { ...running, testName },
            { ...passed, testName },
          ]) {
            const shown = columnsOf(stripVTControlCharacters(line(session, { width, colour })));
            assert.ok(shown < Math.max(width, 5) || (width === 5 && shown <= 5), `${shown} of ${width}: ${testName}`);
          }
  });

  it('is one line without orders to the terminal, whatever the names hold', () => {
    const shown = line({ ...passed, testName: 'a\nb\u001b[2Jc\u0007', row: { x: '\r\u2028y' } });
    assert.equal(shown, '  ✔ a b [2Jc  ( y) 1.2 s');
  });

  it('is whole where nothing wraps', () => {
    assert.ok(line({ ...passed, testName: 'x'.repeat(500) }, { width: Number.POSITIVE_INFINITY }).length > 500);
  });
});

describe('the view of a run on a terminal', () => {
  const sessions = ['a', 'b', 'c'].map((id) => aSession({ id, testName: id }));
  /** What a terminal of endless height shows after these writes. */
  const screenOf = (text: string): string[] => {
    const rows: string[] = [];
    let row = 0;
    for (const part of text.replaceAll('\u001b[', '␛').split(/(␛\d*[AJ]|\n)/)) {
      const up = part.match(/^␛(\d+)A$/);
      if (up) row -= Number(up[1]);
      else if (part === '␛J') rows.splice(row);
      else if (part === '\n') row++;
      else rows[row] = part === '' ? (rows[row] ?? '') : part;
      assert.ok(row >= 0);
    }
    return rows.slice(0, row);
  };

  it('is drawn anew in its place', () => {
    const terminal = aTerminal({ live: true });
    const view = liveView(terminal, () => START);
    view.show(sessions);
    view.show(sessions.map((session) => ({ ...session, status: 'passed' })));
    assert.deepEqual(screenOf(terminal.text), ['  ✔ a', '  ✔ b', '  ✔ c']);
  });

  it('tells its place in the queue above its tests, within its height, until it is begun', () => {
    const terminal = aTerminal({ live: true, height: 4 });
    const view = liveView(terminal, () => START);
    view.show(sessions, { position: 2, waitsFor: 'browser', estimatedWaitMs: 4000 });
    const place = '  Waits for a browser: number 2 in the queue, about 4.0 s';
    assert.deepEqual(screenOf(terminal.text), [place, '  · a', '    and 2 queued']);
    view.show(sessions);
    assert.deepEqual(screenOf(terminal.text), ['  · a', '  · b', '  · c']);
  });

  it('may shrink and grow: attempts that another came after are not shown', () => {
    const terminal = aTerminal({ live: true });
    const view = liveView(terminal, () => START);
    view.show([]);
    view.show(sessions);
    view.show(sessions.map((session) => ({ ...session, superseded: session.id !== 'b' })));
    assert.deepEqual(screenOf(terminal.text), ['  · b']);
    view.show([...sessions, aSession({ id: 'd', testName: 'd' })]);
    assert.equal(screenOf(terminal.text).length, 4);
  });

  it('has never more lines than the terminal: what matters most is shown, the rest counted', () => {
    const terminal = aTerminal({ live: true, height: 6 });
    const many = [
      ...Array.from({ length: 50 }, (_, i) => aSession({ id: `p${i}`, testName: `p${i}`, status: 'passed' })),
      ...Array.from({ length: 30 }, (_, i) => aSession({ id: `q${i}`, testName: `q${i}` })),
      aSession({ id: 'f', testName: 'f', status: 'failed' }),
      aSession({ id: 'r', testName: 'r', status: 'running' }),
    ];
    const view = liveView(terminal, () => START);
    view.show(many);
    view.show(many);
    assert.deepEqual(screenOf(terminal.text), ['  · q0', '  · q1', '  ✘ f', '  › r', '    and 28 queued, 50 passed']);
  });
});

describe('the view of a run elsewhere', () => {
  it('tells its place in the queue, and again when it is another one', () => {
    const terminal = aTerminal();
    const view = liveView(terminal, () => START);
    view.show([aSession()], { position: 3, waitsFor: 'browser' });
    view.show([aSession()], { position: 3, waitsFor: 'browser', estimatedWaitMs: 900 });
    view.show([aSession()], { position: 1, waitsFor: 'slot', estimatedWaitMs: 125_000 });
    view.show([aSession()]);
    const lines = [
      '  Waits for a browser: number 3 in the queue',
      '  Waits for another test of yours: number 1 in the queue, about 2 min 5 s',
    ];
    assert.equal(terminal.text, lines.map((line) => `${line}\n`).join(''));
  });

  it('is a line when a test ends, once, without escape codes', () => {
    const terminal = aTerminal();
    const view = liveView(terminal, () => START);
    view.show([aSession({ id: 'a' }), running]);
    assert.equal(terminal.text, '');
    view.show([{ ...passed, id: 'a' }, running]);
    view.show([
      { ...passed, id: 'a' },
      { ...running, status: 'failed' },
    ]);
    assert.equal(terminal.text, '  ✔ Log in 1.2 s\n  ✘ Log in 0 ms\n');
  });

  it('tells of each attempt', () => {
    const terminal = aTerminal();
    liveView(terminal, () => START).show([
      { ...passed, id: 'a', status: 'failed', superseded: true },
      { ...passed, id: 'b', attempt: 2 },
    ]);
    assert.equal(terminal.text, '  ✘ Log in 1.2 s\n  ✔ Log in attempt 2 1.2 s\n');
  });
});
