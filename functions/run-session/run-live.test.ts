import assert from 'node:assert/strict';
import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import { LeaseLost } from '../../shared/domain/sessions.ts';
import { StepError } from '../../shared/engine/step-error.ts';
import { aLiveCommand } from '../live-mailbox.testing.ts';
import { appError, aResult } from '../testing.ts';
import { outcome, bench as runBench } from './bench.testing.ts';
import { liveBench as bench, click, see, steps, write } from './live-bench.testing.ts';

const passed = (command: LiveCommandEntity): LiveCommandEntity => ({ ...command, status: 'passed' });

describe('a live session', () => {
  it('runs its commands in order, commits each with the state after it, and rests', async () => {
    const { run, ran, commands, session, artifacts, engine, engineSession, sessions } = bench(steps(click, see, write));
    await run();
    assert.deepEqual(ran(), ['Live 1', 'Live 2', 'Live 3']);
    assert.deepEqual(
      commands.map(({ status, result }) => [status, result?.status]),
      Array(3).fill(['passed', 'passed']),
    );
    // What only looks at the page leaves no state of its own.
    assert.deepEqual(
      artifacts.put.args.map(([name]) => name),
      ['ses_1/state.json.enc', 'ses_1/state.json.enc'],
    );
    assert.deepEqual([session.state_object, session.state_generation], ['ses_1/state.json.enc', '1']);
    assert.deepEqual([session.status, session.done, session.resumed], ['idle', 3, 0]);
    assert.equal(engine.open.callCount, 1);
    assert.equal(engineSession.close.callCount, 1);
    assert.equal(sessions.finish.callCount, 0);
  });

  it('counts how long it has had a browser, from command to command', async () => {
    const { run, platform, engineSession, session } = bench(steps(see, see), { browser_ms: 10_000 });
    engineSession.runCheckpoint.callsFake(async () => {
      platform.clock.time += 2000;
      return outcome();
    });
    await run();
    assert.equal(session.browser_ms, 14_000);
  });

  it('counts what it has stored with every command, which is written anyway', async () => {
    const { run, artifacts, session } = bench(steps(click, write), { stored_bytes: 1000 });
    await run();
    const stored = artifacts.put.args.map(([, body]) => Buffer.byteLength(body));
    assert.ok(stored.length > 0);
    assert.equal(
      session.stored_bytes,
      stored.reduce((sum, bytes) => sum + bytes, 1000),
    );
  });

  it('opens no browser when there is nothing to do', async () => {
    const { run, browsers, session } = bench([passed(aLiveCommand())]);
    await run();
    assert.deepEqual([browsers.get.callCount, session.status], [0, 'idle']);
  });

  it('takes the commands that come while it listens', async () => {
    const { run, live, engineSession, commands } = bench(steps(see));
    engineSession.runCheckpoint.onFirstCall().callsFake(async () => {
      await live.append('ses_1', 'usr_1', [
        { id: 'chk_2', kind: 'step', step: see as never, look: {}, stop_on_error: true },
      ]);
      return outcome();
    });
    await run();
    assert.deepEqual(
      commands.map(({ status }) => status),
      ['passed', 'passed'],
    );
  });

  it('notes what must not be done twice before it is done, and the first command of an instance', async () => {
    const { run, live, engineSession } = bench(steps(see, write, click));
    await run();
    assert.deepEqual(
      live.begin.args.map(([{ position }, , status]) => [position, status]),
      [
        [1, 'pending'],
        [3, 'running'],
      ],
    );
    assert.ok(live.begin.secondCall.calledBefore(engineSession.runCheckpoint.thirdCall));
  });

  it('does again what another instance died in, if that is harmless; not for ever', async () => {
    const died = (tries: number) => bench(steps(see).map((one) => ({ ...one, status: 'running' as const, tries })));
    const again = died(2);
    await again.run();
    assert.equal(again.commands[0]?.status, 'passed');
    const deadly = died(3);
    await deadly.run();
    assert.deepEqual(deadly.ran(), []);
    assert.equal(deadly.commands[0]?.result?.error?.type, 'instance-lost');
  });

  it('does not do again what another instance died in, if it may have happened', async () => {
    const { run, ran, commands } = bench([{ ...(steps(click)[0] as LiveCommandEntity), status: 'running' }]);
    await run();
    assert.deepEqual(ran(), []);
    assert.deepEqual([commands[0]?.status, commands[0]?.result?.error?.type], ['error', 'interrupted']);
  });

  it('skips the steps of a batch after one that did not pass, in another instance too', async () => {
    const list = steps(see, click, see);
    const { run, ran, commands, session, engineSession } = bench(list);
    engineSession.runCheckpoint.onFirstCall().resolves(outcome('failed'));
    await run();
    assert.deepEqual(ran(), ['Live 1']);
    assert.deepEqual(
      commands.map(({ status }) => status),
      ['failed', 'skipped', 'skipped'],
    );
    assert.equal(session.stopped_batch, 1);
    const later = bench([{ ...(list[0] as LiveCommandEntity), status: 'failed' }, ...list.slice(1)], {
      done: 1,
      stopped_batch: 1,
    });
    await later.run();
    assert.deepEqual(later.ran(), []);
  });

  it('goes on in a batch that does not stop on errors', async () => {
    const { run, ran, engineSession } = bench(steps(see, see).map((one) => ({ ...one, stop_on_error: false })));
    engineSession.runCheckpoint.onFirstCall().resolves(outcome('error'));
    await run();
    assert.deepEqual(ran(), ['Live 1', 'Live 2']);
  });

  it('runs each command as the session was when it was sent', async () => {
    const config = { timeout: 5000 };
    const { run, engineSession } = bench([
      ...steps(see),
      ...[2, 3].map((n) => aLiveCommand({ position: n, settings: { config } })),
    ]);
    await run();
    assert.deepEqual(engineSession.configure.args, [[config], [config]]);
    assert.ok(engineSession.configure.firstCall.calledAfter(engineSession.runCheckpoint.firstCall));
    assert.ok(engineSession.configure.firstCall.calledBefore(engineSession.runCheckpoint.secondCall));
  });

  it('gives a verdict to a step, and keeps the results of those inside it', async () => {
    const { run, commands, engineSession } = bench(steps({ command: 'control.try', steps: [see] }));
    const inner = aResult({ index: 1, path: [0, 'steps', 0], status: 'error', spared: 'try' });
    engineSession.runCheckpoint.resolves({ status: 'passed', stop: false, results: [inner, aResult()] });
    await run();
    assert.deepEqual(
      [commands[0]?.status, commands[0]?.result?.status, commands[0]?.inner?.map(({ status }) => status)],
      ['passed', 'passed', ['error']],
    );
  });

  describe('that goes on in another browser', () => {
    const goingOn = (session: Partial<LiveSessionEntity> = {}) =>
      bench([...steps(click, write, see).map(passed), aLiveCommand({ position: 4, step: see as never })], {
        done: 3,
        state_object: 'ses_1/state.json.enc',
        state_generation: '7',
        ...session,
      });

    it('has its state, and does again what was harmless; the answer says so', async () => {
      const { run, ran, engine, artifacts, commands, session } = goingOn();
      await run();
      assert.deepEqual(artifacts.get.args, [['ses_1/state.json.enc', { generation: '7' }]]);
      assert.deepEqual(engine.open.firstCall.args[1].state, { variables: { cart: 2 } });
      assert.deepEqual(ran(), ['Replay 2', 'Live 4']);
      const url = 'https://a.example/';
      assert.deepEqual(commands[3]?.resumed, { url, replayed: [2], notReplayed: [1], notes: [] });
      assert.equal(session.resumed, 1);
    });

    for (const [replay, expected] of [
      ['all', ['Replay 1', 'Replay 2', 'Live 4']],
      ['none', ['Live 4']],
    ] as const) {
      it(`does ${replay} again where it is told so`, async () => {
        const { run, ran } = goingOn({ replay });
        await run();
        assert.deepEqual(ran(), expected);
      });
    }

    it('does nothing again from before the last navigation; what led there is not done again', async () => {
      const navigated = goingOn({ last_navigation: 1 });
      await navigated.run();
      assert.deepEqual(navigated.commands[3]?.resumed?.notReplayed, []);
      const filled = goingOn({ last_navigation: 2 });
      await filled.run();
      assert.deepEqual(filled.ran(), ['Replay 2', 'Live 4']);
    });

    it('says what could not be done again, and goes on', async () => {
      const { run, commands, engineSession } = goingOn();
      engineSession.runCheckpoint.onFirstCall().resolves(outcome('error'));
      await run();
      assert.deepEqual(commands[3]?.resumed?.replayed, []);
      assert.deepEqual(commands[3]?.resumed?.notes, ['command 2 could not be done again: too slow']);
      assert.equal(commands[3]?.status, 'passed');
    });
  });

  it('goes on in a new browser when the page has crashed', async () => {
    const { run, engine, engineSession, commands, session } = bench(
      steps(click, see).map((one) => ({ ...one, stop_on_error: false })),
    );
    engineSession.ruined.onFirstCall().returns(true).onSecondCall().returns(true).onThirdCall().returns(true);
    await run();
    assert.equal(engine.open.callCount, 2);
    assert.ok(commands[1]?.resumed);
    assert.equal(session.state_object, undefined);
  });

  it('notes during which command a new document came', async () => {
    const { run, engineSession, session } = bench(steps(see, click, see));
    engineSession.loaded.onCall(3).returns(1).returns(1);
    engineSession.loaded.onCall(0).returns(0).onCall(1).returns(0).onCall(2).returns(0);
    await run();
    assert.equal(session.last_navigation, 2);
  });

  it('answers its commands with why its browser cannot be made as it wants it', async () => {
    const { run, engine, commands, session } = bench(steps(see));
    engine.open.rejects(new StepError('invalid-value', "There is no device 'iFone'.", { hint: 'iPhone' }));
    await run();
    const error = { type: 'invalid-value', message: "There is no device 'iFone'.", hint: 'iPhone' };
    assert.deepEqual([commands[0]?.result?.error, session.status], [error, 'idle']);
  });

  it('is given back when it cannot be run, at the last attempt too: it has no verdict', async () => {
    const { run, live, sessions } = bench(steps(see));
    live.commit.rejects(new Error('down'));
    await assert.rejects(run(4), /^Error: down$/);
    assert.equal(sessions.release.callCount, 1);
    assert.equal(sessions.finish.callCount, 0);
  });

  it('is left to the other instance when the lease is lost', async () => {
    const { run, live, sessions, engineSession } = bench(steps(see, see));
    live.commit.rejects(new LeaseLost('taken'));
    await run();
    assert.deepEqual([sessions.release.callCount, engineSession.close.callCount], [0, 1]);
  });

  it('is handed on with what is left when the instance is told to stop', async () => {
    const { run, platform, wake, sessions, engineSession, commands } = bench(steps(see, see));
    engineSession.runCheckpoint.callsFake(async () => {
      platform.stopper.abort();
      return outcome();
    });
    await run();
    assert.deepEqual(
      commands.map(({ status }) => status),
      ['passed', 'pending'],
    );
    assert.equal(sessions.release.callCount, 1);
    const [[task]] = wake.enqueue.firstCall.args;
    assert.deepEqual([task.to, task.payload], ['run-session', { session_id: 'ses_1' }]);
  });

  it('makes way for a session that waits for an instance, when it has nothing to do for a while', async () => {
    const looks = async (others: boolean) => {
      const { run, live, session, platform } = bench(steps(see));
      live.othersWait.resolves(others);
      await run();
      assert.equal(session.status, 'idle');
      assert.deepEqual(live.othersWait.firstCall.args, [new Date(platform.clock.now() - 5000)]);
      return live.othersWait.callCount;
    };
    assert.deepEqual([await looks(true), await looks(false)], [1, 2]);
  });

  it('is busy for an instance that comes while another one has it', async () => {
    const acquired = { kind: 'busy', until: new Date(Date.parse('2026-03-04T12:00:20Z')) } as const;
    await assert.rejects(runBench({ acquired }).run(), appError('unavailable', /Another instance/));
  });
});
