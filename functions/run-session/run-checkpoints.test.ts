import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepError } from '../../shared/engine/step-error.ts';
import { NOON } from '../../shared/platform/testing.ts';
import { aCheckpoint, aResult } from '../testing.ts';
import { bench, outcome } from './bench.testing.ts';

describe("a session's checkpoints", () => {
  const three = [
    aCheckpoint({ position: 0, phase: 'setup' }),
    aCheckpoint({ position: 1 }),
    aCheckpoint({ position: 2, phase: 'teardown' }),
  ];

  it('run in order, each committed with its results and the state after it, encrypted', async () => {
    const { artifacts, checkpoints, committed, sessions, run, end } = bench({ checkpoints: three });
    await run();
    assert.deepEqual(committed(), [
      ['chk_0', 'passed'],
      ['chk_1', 'passed'],
      ['chk_2', 'passed'],
    ]);
    const [, owner, patch] = checkpoints.commit.firstCall.args;
    assert.equal(owner, sessions.acquire.firstCall.args[1]);
    assert.deepEqual([patch.state_object, patch.stopped, patch.results.length], ['ses_1/state-0.json.enc', false, 1]);
    assert.deepEqual(
      artifacts.put.args.map(([name, body]) => [name, body]),
      [
        ['ses_1/state-0.json.enc', 'sealed:{"variables":{"cart":3}}'],
        ['ses_1/state-1.json.enc', 'sealed:{"variables":{"cart":3}}'],
      ],
    );
    assert.deepEqual([end().status, end().passed_steps, end().failed_steps], ['passed', 3, 0]);
    assert.deepEqual(sessions.finish.firstCall.args[3].checkpoint.id, 'chk_2', 'the last one together with the end');
    assert.equal(end().billable_operations, 3 + 3 + 1 + 2 * 3 + 1);
  });

  it('are skipped after a stop, but for the teardown', async () => {
    const { engineSession, checkpoints, committed, run, end } = bench({ checkpoints: three });
    engineSession.runCheckpoint.onFirstCall().resolves(outcome('failed'));
    await run();
    assert.deepEqual(committed(), [
      ['chk_0', 'failed'],
      ['chk_1', 'skipped'],
      ['chk_2', 'passed'],
    ]);
    const [, , skipped] = checkpoints.commit.secondCall.args;
    assert.match(skipped.results[0].notes[0], /^not run: the session had ended before/);
    assert.deepEqual([end().status, end().passed_steps, end().failed_steps, end().error], ['failed', 1, 1, undefined]);
  });

  it('go on after a failure that does not stop the session', async () => {
    const { engineSession, committed, run, end } = bench({ checkpoints: three });
    engineSession.runCheckpoint.onSecondCall().resolves(outcome('failed', false));
    await run();
    assert.deepEqual(
      committed().map(([, status]) => status),
      ['passed', 'failed', 'passed'],
    );
    assert.equal(end().status, 'failed');
  });

  it('make the session an error when one of them is, with the first error there was', async () => {
    const { engineSession, run, end } = bench({ checkpoints: three });
    engineSession.runCheckpoint.onSecondCall().resolves(outcome('error'));
    await run();
    assert.deepEqual([end().status, end().error], ['error', { type: 'timeout', message: 'too slow' }]);
  });

  it('count their own steps, not those inside them, and no error that was caught', async () => {
    const { engineSession, run, end } = bench();
    const error = (message: string) => ({ type: 'timeout', message });
    const results = [
      aResult({ index: 0, status: 'passed' }),
      aResult({ index: 1, path: [0, 'steps', 0], status: 'error', spared: 'try', error: error('caught') }),
      aResult({ index: 2, path: [0, 'catch', 0] }),
      aResult({ index: 3, status: 'error', inherited: true }),
      aResult({ index: 4, path: [1, 'then', 0], status: 'error', error: error('told') }),
    ];
    engineSession.runCheckpoint.resolves({ status: 'error', stop: true, results });
    await run();
    assert.deepEqual([end().passed_steps, end().failed_steps, end().error], [1, 1, error('told')]);
  });

  describe('of a session that is resumed', () => {
    const done = aCheckpoint({
      position: 0,
      status: 'passed',
      results: [aResult()],
      state_object: 'ses_1/state-0.json.enc',
    });

    it('go on at the first that is not committed, with the state of the one before', async () => {
      const { engine, engineSession, artifacts, committed, run, end } = bench({
        session: { resumed: 1, started_at: new Date(NOON) },
        checkpoints: [done, aCheckpoint({ position: 1 })],
      });
      await run();
      assert.deepEqual(artifacts.get.args, [['ses_1/state-0.json.enc']]);
      assert.deepEqual(engine.open.firstCall.args[1].state, { variables: { cart: 2 } });
      assert.deepEqual(
        engineSession.runCheckpoint.args.map(([{ index }]) => index),
        [1],
      );
      assert.deepEqual(committed(), [['chk_1', 'passed']]);
      assert.equal(end().passed_steps, 2);
    });

    it('are skipped where the session had been stopped, and the teardown has the last state there was', async () => {
      const { engine, committed, run } = bench({
        checkpoints: [
          { ...done, status: 'failed', stopped: true },
          aCheckpoint({ position: 1, status: 'skipped' }),
          aCheckpoint({ position: 2 }),
          aCheckpoint({ position: 3, phase: 'teardown' }),
        ],
      });
      await run();
      assert.deepEqual(engine.open.firstCall.args[1].state, { variables: { cart: 2 } });
      assert.deepEqual(committed(), [
        ['chk_2', 'skipped'],
        ['chk_3', 'passed'],
      ]);
    });

    it('have nothing left to do when only the end is missing', async () => {
      const { engineSession, run, end } = bench({ checkpoints: [done] });
      await run();
      assert.equal(engineSession.runCheckpoint.callCount, 0);
      assert.equal(end().status, 'passed');
    });
  });

  it('end when the time of the test is over: the rest but the teardown is skipped, and the session an error', async () => {
    const { engineSession, committed, run, end } = bench({
      session: { config: { testTimeout: 20 } },
      checkpoints: three,
    });
    engineSession.runCheckpoint.onFirstCall().callsFake(async (_checkpoint, { signal }) => {
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      return outcome('error');
    });
    await run();
    assert.deepEqual(
      committed().map(([, status]) => status),
      ['error', 'skipped', 'passed'],
    );
    assert.equal(engineSession.runCheckpoint.secondCall.args[1].signal?.aborted, false);
    assert.deepEqual([end().status, end().error.type], ['error', 'test-timeout']);
  });

  it('end the session when its browser cannot be made as it wants it', async () => {
    const { engine, run, end } = bench();
    engine.open.rejects(new StepError('invalid-value', "There is no device 'iFone'.", { hint: 'iPhone' }));
    await run();
    assert.deepEqual(end().error, { type: 'invalid-value', message: "There is no device 'iFone'.", hint: 'iPhone' });
  });

  it('remember what they learned of the elements, in one write, and are given it by the next run', async () => {
    const { engine, remembered, run, end } = bench();
    const known = { k: { name: 'Buy' } };
    remembered.of.resolves(known);
    await run();
    assert.deepEqual(remembered.of.args, [['usr_1', 'tst_1']]);
    assert.equal(engine.open.firstCall.args[1].fingerprints, known);
    assert.equal(remembered.add.callCount, 0);
    const operations = end().billable_operations;
    const learning = bench();
    learning.engineSession.learned.returns(known);
    await learning.run();
    assert.deepEqual(learning.remembered.add.args, [['usr_1', 'tst_1', known]]);
    assert.equal(learning.end().billable_operations, operations + 2);
  });

  it('have their verdict although nothing could be remembered', async () => {
    const { engineSession, remembered, platform, run, end } = bench();
    engineSession.learned.returns({ k: {} });
    remembered.add.rejects(new Error('down'));
    await run();
    assert.equal(end().status, 'passed');
    assert.ok(platform.lines.some(({ severity }) => severity === 'WARNING'));
  });

  it('remember nothing, and ask for nothing, where healing is off', async () => {
    const { engine, remembered, run } = bench({ session: { config: { healing: 'off' } } });
    await run();
    assert.equal(remembered.of.callCount, 0);
    assert.equal(engine.open.firstCall.args[1].fingerprints, undefined);
  });

  it('say what they are doing', async () => {
    const { engineSession, progress, run } = bench();
    engineSession.runCheckpoint.callsFake(async (_checkpoint, { onStepStart }) => {
      onStepStart?.({ command: 'interact.click', label: 'Buy' }, 0);
      return outcome();
    });
    await run();
    assert.equal(progress.note.callCount, 1);
    const [session, noted] = progress.note.firstCall.args;
    assert.deepEqual([session.id, session.user_id], ['ses_1', 'usr_1']);
    assert.deepEqual(noted, { checkpoint: 'One', step: 'Buy', done: 0, total: 1 });
  });

  it('with more results than a document holds keep them whole in an object', async () => {
    const { engineSession, artifacts, sessions, run } = bench();
    const results = [aResult({ value: 'x'.repeat(800_000), expected: 1, actual: 2, problems: ['p'] })];
    engineSession.runCheckpoint.resolves({ status: 'passed', stop: false, results });
    await run();
    const { outcome: patch } = sessions.finish.firstCall.args[3];
    assert.equal(patch.results_object, 'ses_1/0/results.json');
    assert.deepEqual(patch.results, [aResult()]);
    assert.deepEqual(JSON.parse(artifacts.put.firstCall.args[1]), results);
  });

  it('open no address that the guard refuses; a name that is not known is for the page to tell', async () => {
    const { engine, run } = bench();
    await run();
    const { navigationGuard } = engine.open.firstCall.args[1];
    assert.match(await navigationGuard('http://169.254.169.254/'), /not a public address/);
    assert.equal(await navigationGuard('http://8.8.8.8/'), undefined);
    assert.equal(await navigationGuard('http://no-such-host.invalid/'), undefined);
  });

  describe('leave a trace', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
      await writeFile(join(folder, 'trace.zip'), 'zip');
    });
    after(() => rm(folder, { recursive: true }));

    const traced = (trace: 'always' | 'failures' | 'none' | undefined) => {
      const fakes = bench({ session: { config: trace === undefined ? {} : { trace } } });
      fakes.engineSession.close.callsFake(async ({ trace: keep }: { trace: boolean }) => ({
        ...(keep ? { trace: join(folder, 'trace.zip') } : {}),
        dispose: fakes.dispose,
      }));
      return fakes;
    };

    for (const [trace, status, kept] of [
      ['always', 'passed', true],
      ['failures', 'passed', false],
      ['failures', 'failed', true],
      [undefined, 'failed', true],
      ['none', 'failed', false],
    ] as const) {
      it(`${kept ? '' : 'not '}when it is '${trace}' and they ${status}`, async () => {
        const { engineSession, dispose, run, end } = traced(trace);
        engineSession.runCheckpoint.resolves(outcome(status));
        await run();
        assert.equal(end().trace_object, kept ? 'ses_1/trace.zip' : undefined);
        assert.equal(dispose.callCount, 1);
      });
    }

    it('that takes its time: the last checkpoint is committed before', async () => {
      const { artifacts, checkpoints, sessions, run } = traced('always');
      await run();
      assert.ok(checkpoints.commit.firstCall.calledBefore(artifacts.put.lastCall));
      assert.equal(sessions.finish.firstCall.args[3], undefined);
    });

    it('that may be lost without changing the verdict', async () => {
      const { artifacts, dispose, platform, run, end } = traced('always');
      artifacts.put.rejects(new Error('down'));
      await run();
      assert.deepEqual([end().status, end().trace_object], ['passed', undefined]);
      assert.equal(dispose.callCount, 1);
      assert.ok(platform.lines.some(({ severity }) => severity === 'ERROR'));
    });
  });
});
