import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity } from '../../schemas/entities.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aRun } from '../testing.ts';
import { onRun } from './handler.ts';

describe('on-run', () => {
  const asked = aRun({ cancel_requested_at: new Date(NOON) });
  function bench(settled?: RunEntity) {
    const sessions = {
      cancelOfRun: sinon.stub().resolves(2),
      countAwaited: sinon.stub().resolves(0),
      countVerdicts: sinon.stub().resolves({ passed: 1, failed: 0, error: 0 }),
    };
    const runs = { settle: sinon.stub().resolves(settled) };
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const services = withBase({ runs, sessions, events } as never);
    const react = (before: RunEntity | undefined, after: RunEntity | undefined) =>
      onRun({ eventId: 'e', id: 'run_1', before, after } as never, services as never);
    return { runs, sessions, react, published: () => events.publish.args.flatMap(([list]) => list.map(toCloudEvent)) };
  }

  it('ends the sessions of a run that is cancelled, then the run, and tells that', async () => {
    const { runs, sessions, react, published } = bench({ ...asked, status: 'cancelled', ended_at: new Date(NOON + 5) });
    await react(aRun(), asked);
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
    ['changes otherwise', aRun(), aRun({ status: 'passed' })],
    ['was cancelled before', asked, { ...asked, status: 'cancelled' as const }],
    ['is deleted', asked, undefined],
  ] as const) {
    it(`does nothing when a run ${what}`, async () => {
      const { sessions, react } = bench();
      await react(before, after);
      assert.equal(sessions.cancelOfRun.callCount, 0);
    });
  }
});
