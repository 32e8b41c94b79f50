import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity } from '../../schemas/entities.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aRun, aSession } from '../testing.ts';
import { onRun } from './handler.ts';

describe('on-run', () => {
  const asked = aRun({ cancel_requested_at: new Date(NOON) });
  function bench(settled?: RunEntity) {
    const sessions = {
      cancelOfRun: sinon.stub().resolves(2),
      countAwaited: sinon.stub().resolves(0),
      countVerdicts: sinon.stub().resolves({ passed: 1, failed: 0, error: 0 }),
      ofRun: sinon.stub().resolves([aSession({ status: 'failed' }), aSession({ test_id: 'tst_2', status: 'passed' })]),
    };
    const outcome = { ...{ verdict: 'failed', content_hash: 'hash', run_id: 'run_1' }, ended_at: new Date(NOON) };
    const noted = { ...outcome, content_changed: false, changes: ['became_failing'] };
    const tests = { noteOutcome: sinon.stub().resolves({ ...noted, changes: [] }) };
    tests.noteOutcome.withArgs('tst_1').resolves(noted);
    const runs = { settle: sinon.stub().resolves(settled) };
    const slots = { fill: sinon.stub().resolves() };
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const services = withBase({ runs, sessions, slots, tests, events } as never);
    const react = (before: RunEntity | undefined, after: RunEntity | undefined) =>
      onRun({ eventId: 'e', id: 'run_1', before, after } as never, services as never);
    return {
      runs,
      sessions,
      slots,
      tests,
      react,
      published: () => events.publish.args.flatMap(([list]) => list.map(toCloudEvent)),
    };
  }

  it('ends the sessions of a run that is cancelled, then the run, and tells that', async () => {
    const { runs, sessions, slots, react, published } = bench({
      ...asked,
      status: 'cancelled',
      ended_at: new Date(NOON + 5),
    });
    await react(aRun(), asked);
    assert.deepEqual(slots.fill.args, [['usr_1']], 'its slots are for others');
    sinon.assert.callOrder(sessions.cancelOfRun, slots.fill);
    assert.deepEqual(sessions.cancelOfRun.args, [['run_1']]);
    assert.deepEqual(runs.settle.args, [['run_1', 'cancel', { passed: 1, failed: 0, error: 0 }]]);
    assert.deepEqual(
      published().map(({ type, data }) => [type, data.status]),
      [
        ['run.cancelled', undefined],
        ['run.completed', 'cancelled'],
      ],
    );
  });

  it('leaves the verdict to the sessions while one of them is still awaited', async () => {
    const { runs, sessions, react, published } = bench();
    sessions.countAwaited.resolves(1);
    await react(aRun(), asked);
    assert.deepEqual([runs.settle.callCount, published()], [0, []]);
  });

  for (const [what, before, after] of [
    ['starts', aRun({ status: 'queued' }), aRun()],
    ['was to be cancelled before', asked, { ...asked, updated_at: new Date(NOON + 1) }],
    ['has ended before', aRun({ status: 'failed' }), aRun({ status: 'failed', report: {} })],
    ['is deleted', asked, undefined],
  ] as const) {
    it(`does nothing when a run ${what}`, async () => {
      const { sessions, react, published } = bench();
      await react(before, after);
      assert.deepEqual([sessions.cancelOfRun.callCount, sessions.ofRun.callCount, published()], [0, 0, []]);
    });
  }

  it('tells what a run that has ended changed for its tests', async () => {
    const { tests, react, published } = bench();
    await react(aRun(), aRun({ status: 'failed', ended_at: new Date(NOON) }));
    assert.deepEqual(
      tests.noteOutcome.args.map(([id, run]) => [id, run.id]),
      [
        ['tst_1', 'run_1'],
        ['tst_2', 'run_1'],
      ],
    );
    assert.deepEqual(
      published().map(({ type, data }) => [type, data.test_id]),
      [['test.became_failing', 'tst_1']],
    );
  });

  it('knows no history of a definition that was sent along', async () => {
    const { sessions, react } = bench();
    const selection = { tests: [], definitions: [], variables: {} };
    await react(aRun({ selection }), aRun({ selection, status: 'failed' }));
    assert.equal(sessions.ofRun.callCount, 0);
  });
});
