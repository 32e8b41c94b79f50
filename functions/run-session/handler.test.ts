import assert from 'node:assert/strict';
import sinon from 'sinon';
import { LeaseLost } from '../../shared/domain/sessions.ts';
import { StepError } from '../../shared/engine/step-error.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON } from '../../shared/platform/testing.ts';
import { aCheckpoint, appError } from '../testing.ts';
import { bench, outcome } from './bench.testing.ts';

describe('run-session', () => {
  const two = [aCheckpoint(), aCheckpoint({ id: 'ses_1-1', position: 1 })];

  it('takes the lease, runs, and ends the session with its verdict and cost', async () => {
    const { sessions, engineSession, platform, run, end } = bench();
    engineSession.runCheckpoint.callsFake(async () => {
      platform.clock.time += 3000;
      return outcome();
    });
    await run();
    const [id, owner, leaseMs, patch] = sessions.acquire.firstCall.args;
    assert.deepEqual([id, leaseMs, patch], ['ses_1', 30_000, { cold_start: true }]);
    assert.deepEqual(sessions.finish.firstCall.args.slice(0, 2), ['ses_1', owner]);
    const { status, gb_seconds, browser_ms, ended_at, browser } = end();
    assert.equal(browser_ms, 3000);
    assert.deepEqual([status, gb_seconds, ended_at, browser], ['passed', 6, new Date(NOON + 3000), 'chromium 140.0']);
    assert.equal(sessions.release.callCount, 0);
  });

  it('counts what it has stored with its end, which is written anyway', async () => {
    const { artifacts, checkpoints: written, engine, engineSession, end, run, sessions } = bench({ checkpoints: two });
    engineSession.runCheckpoint.callsFake(async () => {
      await engine.open.firstCall.args[1].artifacts.save('ses_1/0/0.png', Buffer.alloc(5000), 'image/png');
      return outcome();
    });
    await run();
    const stored = artifacts.put.args.map(([, body]) => Buffer.byteLength(body));
    assert.equal(stored.length, 3, 'two pictures, and the state between the checkpoints');
    assert.equal(
      end().stored_bytes,
      stored.reduce((sum, bytes) => sum + bytes),
    );
    assert.deepEqual([written.commit.callCount, sessions.finish.callCount], [1, 1]);
  });

  it('does nothing for a session that has ended', async () => {
    const { browsers, sessions, run } = bench({ acquired: { kind: 'over' } });
    await run();
    assert.equal(browsers.get.callCount + sessions.finish.callCount, 0);
  });

  it('comes again when another instance has the session, not before its lease is over', async () => {
    const { browsers, run } = bench({ acquired: { kind: 'busy', until: new Date(NOON + 12_300) } });
    await assert.rejects(run(), (error) => {
      assert.ok(appError('unavailable')(error));
      assert.equal((error as AppError).retryAfter, 13);
      return true;
    });
    assert.equal(browsers.get.callCount, 0);
  });

  it('runs in a browser that no other user has used', async () => {
    const { browsers, run } = bench({ session: { user_id: 'usr_7' } });
    await run();
    assert.deepEqual(browsers.get.args, [['usr_7']]);
  });

  it('ends a session whose instances keep dying', async () => {
    const { browsers, run, end } = bench({ session: { resumed: 4 } });
    await run();
    assert.deepEqual([end().status, end().error.type], ['error', 'instance-lost']);
    assert.equal(browsers.get.callCount, 0);
  });

  it('ends a session for which there is no browser, and reports that', async () => {
    const { browsers, platform, run, end } = bench();
    browsers.get.rejects(new Error('no such file'));
    await run();
    assert.deepEqual([end().status, end().error], ['error', { type: 'browser-unavailable', message: 'no such file' }]);
    assert.ok(platform.lines.some(({ severity }) => severity === 'ERROR'));
  });

  describe('when it cannot go on', () => {
    const failing = () => {
      const fakes = bench({ checkpoints: two });
      fakes.checkpoints.commit.rejects(new AppError('unavailable', 'down'));
      return fakes;
    };

    it('gives the session back for another instance to have at once', async () => {
      const { sessions, dispose, run } = failing();
      await assert.rejects(run(), appError('unavailable', /down/));
      assert.deepEqual(sessions.release.args, [['ses_1', sessions.acquire.firstCall.args[1]]]);
      assert.equal(sessions.finish.callCount, 0);
      assert.equal(dispose.callCount, 1);
    });

    it('throws its own reason, although neither browser nor lease can be given up', async () => {
      const { sessions, engineSession, run } = failing();
      sessions.release.rejects(new Error('also down'));
      engineSession.close.rejects(new Error('browser has been closed'));
      await assert.rejects(run(), appError('unavailable', /^down$/));
    });

    it('ends the session when the queue will not send its task again', async () => {
      const { sessions, platform, run, end } = failing();
      await run(4);
      assert.deepEqual([end().status, end().error.type], ['error', 'not-run']);
      assert.equal(sessions.release.callCount, 0);
      assert.ok(platform.lines.some(({ severity }) => severity === 'ERROR'));
    });

    it('hands the session over when the instance is told to stop', async () => {
      const { sessions, engineSession, checkpoints, platform, run } = bench();
      engineSession.runCheckpoint.callsFake(async (_checkpoint, { signal }) => {
        platform.stopper.abort();
        assert.equal(signal?.aborted, true);
        return outcome('error');
      });
      await assert.rejects(run(), appError('unavailable', /told to stop/));
      assert.equal(checkpoints.commit.callCount, 0);
      assert.equal(sessions.release.callCount, 1);
    });
  });

  describe('when the lease is lost', () => {
    let timers: sinon.SinonFakeTimers;
    beforeEach(() => {
      timers = sinon.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    });
    afterEach(() => timers.restore());

    it('stops in the middle of a checkpoint, and leaves everything to the other instance', async () => {
      const { sessions, engineSession, checkpoints, browsers, run } = bench();
      sessions.renew.rejects(new LeaseLost('taken'));
      engineSession.runCheckpoint.callsFake(async (_checkpoint, { signal }) => {
        await timers.tickAsync(10_000);
        assert.equal(signal?.aborted, true);
        return outcome('error');
      });
      await run();
      assert.equal(checkpoints.commit.callCount + sessions.finish.callCount + sessions.release.callCount, 0);
      assert.deepEqual([browsers.drop.callCount, engineSession.close.callCount], [1, 0]);
    });

    it('stops at the commit that is refused', async () => {
      const { sessions, checkpoints, engineSession, run } = bench({ checkpoints: two });
      checkpoints.commit.rejects(new LeaseLost('taken'));
      engineSession.close.rejects(new Error('browser has been closed'));
      await run();
      assert.equal(sessions.finish.callCount + sessions.release.callCount, 0);
    });

    it('leaves the last checkpoint to the other instance when the end is refused', async () => {
      const { sessions, checkpoints, run } = bench();
      sessions.finish.rejects(new LeaseLost('taken'));
      await run();
      assert.deepEqual(
        [checkpoints.commit.callCount, sessions.finish.callCount, sessions.release.callCount],
        [0, 1, 0],
      );
    });

    it('stops when the session was ended by somebody else, and lets go of it', async () => {
      const { sessions, engineSession, run, stopWatching } = bench();
      engineSession.runCheckpoint.callsFake(async () => {
        await timers.tickAsync(1000);
        sessions.watchEnd.firstCall.args[1]();
        return outcome();
      });
      await run();
      assert.equal(sessions.finish.callCount + sessions.release.callCount, 0);
      assert.equal(stopWatching.callCount, 2);
      assert.equal(timers.countTimers(), 0);
    });

    it('stops when its run is to end: the browser goes at once, whatever the step is at', async () => {
      const { browsers, sessions, engineSession, run, runEnds } = bench();
      engineSession.runCheckpoint.callsFake(async () => {
        await timers.tickAsync(1000);
        assert.equal(runEnds.watch.firstCall.args[0], 'run_1');
        runEnds.watch.firstCall.args[1]();
        assert.equal(browsers.drop.callCount, 1);
        throw new Error('Target page, context or browser has been closed');
      });
      let over = false;
      const running = run().then(() => {
        over = true;
      });
      await timers.tickAsync(2000);
      assert.equal(over, false, 'another session of the run could begin here, before it is ended too');
      sessions.watchEnd.firstCall.args[1]();
      await running;
      assert.equal(sessions.finish.callCount + sessions.release.callCount, 0);
      assert.equal(timers.countTimers(), 0);
    });

    it('stops when its run is to end before a page is open, and is no error by that', async () => {
      const { sessions, engine, run, runEnds } = bench();
      engine.open.callsFake(async () => {
        await timers.tickAsync(1000);
        runEnds.watch.firstCall.args[1]();
        throw new StepError('page-crashed', 'The browser is gone.');
      });
      const running = run();
      // Nobody ends it.
      await timers.tickAsync(11_000);
      await running;
      assert.equal(sessions.finish.callCount + sessions.release.callCount, 0);
    });

    it('leaves a browser alone that its own work is done with', async () => {
      const { browsers, engineSession, run, runEnds, end } = bench();
      engineSession.runCheckpoint.callsFake(async () => {
        await timers.tickAsync(1000);
        return outcome();
      });
      await run();
      runEnds.watch.firstCall.args[1]();
      assert.deepEqual([end().status, browsers.drop.callCount], ['passed', 0]);
    });

    it('renews it three times in its time, goes on after a renewal that failed, and stops in the end', async () => {
      const { sessions, engineSession, run, end } = bench();
      sessions.renew.onFirstCall().rejects(new Error('down'));
      engineSession.runCheckpoint.callsFake(async () => {
        await timers.tickAsync(30_000);
        return outcome();
      });
      await run();
      assert.equal(end().status, 'passed');
      assert.equal(sessions.renew.callCount, 3);
      assert.equal(timers.countTimers(), 0);
    });
  });
});
