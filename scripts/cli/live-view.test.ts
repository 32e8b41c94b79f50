import assert from 'node:assert/strict';
import type { SessionView } from './api-client.ts';
import { aSessionView } from './fake-api.testing.ts';
import { liveView, sessionLine, sessionLines } from './live-view.ts';
import { captured } from './terminal.testing.ts';

const NOW = Date.parse('2026-03-04T09:05:14.000Z');
const plain = { colour: false, width: 80 };
const view = (given: object = {}) => aSessionView(given) as SessionView;
const running = {
  status: 'running',
  endedAt: undefined,
  progress: { checkpoint: 'Pay', step: 'interact.click', done: 2, total: 7 },
};

describe('the line of a test', () => {
  it('says what came of it and how long it took', () => {
    assert.equal(sessionLine(view(), NOW, plain), '  ✔ Log in 2.5 s');
    assert.equal(sessionLine(view({ status: 'failed', attempt: 2 }), NOW, plain), '  ✘ Log in attempt 2 2.5 s');
    assert.equal(sessionLine(view({ status: 'cancelled' }), NOW, plain), '  - Log in 2.5 s');
  });

  it('says the checkpoint, the step and the time of one that runs', () => {
    assert.equal(sessionLine(view(running), NOW, plain), '  › Log in Pay: interact.click 3/7 4.0 s');
  });

  it('says the data of its row', () => {
    const waiting = { status: 'queued', startedAt: undefined, endedAt: undefined, row: { user: 'ada', age: 36 } };
    assert.equal(sessionLine(view(waiting), NOW, plain), '  · Log in (ada, 36)');
  });

  it('fits the terminal, wide characters too', () => {
    const long = sessionLine(view({ testName: 'x'.repeat(200) }), NOW, { colour: false, width: 40 });
    assert.ok(long.length < 40 && long.includes('…') && long.endsWith(' 2.5 s'), long);
    const wide = sessionLine(view({ testName: '測試'.repeat(50) }), NOW, { colour: false, width: 40 });
    assert.ok(wide.length < 30 && wide.endsWith(' 2.5 s'), wide);
  });

  it('does not let a name steer the terminal', () => {
    assert.equal(sessionLine(view({ testName: 'a\u001B[2J\nb' }), NOW, plain), '  ✔ a [2J b 2.5 s');
  });
});

describe('the lines of a run', () => {
  it('leave out attempts that another has come after', () => {
    const sessions = [view({ status: 'failed', superseded: true }), view({ attempt: 2 })];
    assert.deepEqual(sessionLines(sessions, NOW, plain), ['  ✔ Log in attempt 2 2.5 s']);
  });

  it('show what matters most when there is no room for all', () => {
    const sessions = [
      ...Array.from({ length: 30 }, (_, i) => view({ id: `p${i}`, testName: `p${i}` })),
      view({ id: 'f', testName: 'broken', status: 'failed' }),
      view({ id: 'r', testName: 'busy', ...running }),
      view({ id: 'q', testName: 'later', status: 'queued', startedAt: undefined }),
    ];
    const lines = sessionLines(sessions, NOW, { ...plain, height: 5 });
    assert.equal(lines.length, 4);
    assert.deepEqual(
      lines.slice(0, 3).map((line) => line.slice(2, 9)),
      ['✘ broke', '› busy ', '· later'],
    );
    assert.equal(lines[3], '    and 30 passed');
  });
});

describe('the view of a run', () => {
  it('is redrawn in place on a terminal', () => {
    const terminal = captured({ live: true });
    const live = liveView(terminal, () => NOW);
    live.show([view(running), view({ ...running, id: 'ses_2' })]);
    live.show([view()]);
    const [, redrawn] = terminal.text().split('\u001B[2A');
    assert.equal(redrawn, '\u001B[J  ✔ Log in 2.5 s\n');
  });

  it('is one line a test, when it ends, where lines cannot be redrawn', () => {
    const terminal = captured();
    const live = liveView(terminal, () => NOW);
    live.show([view(running)]);
    assert.equal(terminal.text(), '');
    live.show([view(), view({ id: 'ses_2', status: 'queued' })]);
    live.show([view(), view({ id: 'ses_2', status: 'failed' })]);
    assert.equal(terminal.text(), '  ✔ Log in 2.5 s\n  ✘ Log in 2.5 s\n');
  });
});
