import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity, SessionEntity, TestOutcome } from '../../schemas/entities.ts';
import { toCloudEvent } from '../events/publish.ts';
import { NOON, testPlatform } from '../platform/testing.ts';
import { changeEvents, nextOutcome, outcomesOf } from './test-outcomes.ts';
import { tests } from './tests.ts';

const run = (id: string, minute: number) =>
  ({ id, user_id: 'usr_1', ended_at: new Date(NOON + minute * 60_000) }) as RunEntity;
const now = (verdict: TestOutcome['verdict'], content_hash = 'one') => ({
  ...{ test_id: 'tst_1', test_name: 'Log in', verdict, content_hash },
});

describe('what a run made of a test', () => {
  const session = (status: SessionEntity['status'], given: object = {}) =>
    ({
      ...{ test_id: 'tst_1', test_name: 'Log in', content_hash: 'one', superseded: false, status, ...given },
    }) as SessionEntity;
  const tried = session('failed', { superseded: true });

  for (const [what, sessions, verdict] of [
    ['passed when all rows did', [session('passed'), session('passed')], 'passed'],
    ['failed when one row did', [session('passed'), session('failed')], 'failed'],
    ['failed when one could not be executed', [session('error'), session('cancelled')], 'failed'],
    ['failed when its last attempt did', [tried, session('failed')], 'failed'],
    ['flaky when it passed only when tried again', [tried, session('passed'), session('passed')], 'flaky'],
    ['unknown when it was cancelled', [session('passed'), session('cancelled')], undefined],
  ] as const) {
    it(`is ${what}`, () => {
      assert.deepEqual(
        outcomesOf(sessions).map((outcome) => outcome.verdict),
        verdict === undefined ? [] : [verdict],
      );
    });
  }

  it('is told for each test apart', () => {
    const all = [session('passed'), session('failed', { test_id: 'tst_2', test_name: 'Pay', content_hash: 'two' })];
    assert.deepEqual(outcomesOf(all), [
      { test_id: 'tst_1', test_name: 'Log in', content_hash: 'one', verdict: 'passed' },
      { test_id: 'tst_2', test_name: 'Pay', content_hash: 'two', verdict: 'failed' },
    ]);
  });
});

describe('what has changed for a test', () => {
  const history = (...verdicts: (TestOutcome['verdict'] | 'passed, changed')[]) => {
    let last: TestOutcome | undefined;
    return verdicts.map((verdict, minute) => {
      const next = verdict === 'passed, changed' ? now('passed', 'two') : now(verdict);
      last = nextOutcome(last, next, run(`run_${minute}`, minute));
      return last;
    });
  };
  const changes = (...verdicts: TestOutcome['verdict'][]) => history(...verdicts).map((one) => one.changes);

  it('is nothing while it goes as it went', () => {
    assert.deepEqual(changes('passed', 'passed'), [[], []]);
    assert.deepEqual(changes('failed', 'failed'), [['became_failing'], []]);
    assert.deepEqual(changes('flaky', 'flaky', 'passed'), [['flaky'], [], []]);
  });

  it('is that it fails, that it does no more, and that it is flaky', () => {
    assert.deepEqual(changes('passed', 'failed', 'passed', 'flaky'), [
      [],
      ['became_failing'],
      ['recovered'],
      ['flaky'],
    ]);
    assert.deepEqual(changes('flaky', 'failed', 'flaky'), [['flaky'], ['became_failing'], ['recovered', 'flaky']]);
  });

  it('is told with the time since when it had failed, and whether the test is another one', () => {
    const [, , , recovered, after] = history('passed', 'failed', 'failed', 'passed, changed', 'failed');
    assert.ok(recovered && after);
    const [event] = changeEvents(run('run_3', 3), now('passed'), recovered).map(toCloudEvent);
    assert.deepEqual(
      [event?.type, event?.subject, event?.data.failing_since, event?.data.content_changed],
      ['test.recovered', 'tests/tst_1', new Date(NOON + 60_000).toISOString(), true],
    );
    assert.deepEqual(after.failing_since, new Date(NOON + 240_000));
  });

  it('has one id for a test and a run', () => {
    const [outcome] = history('failed');
    assert.ok(outcome);
    const ids = ['run_0', 'run_0', 'run_1'].map(
      (id) => changeEvents(run(id, 0), now('failed'), outcome).map(toCloudEvent)[0]?.id,
    );
    assert.deepEqual([ids[0] === ids[1], ids[0] === ids[2]], [true, false]);
  });
});

describe('the outcome on a test', () => {
  function bench(stored: object | undefined) {
    const transaction = { get: async () => ({ data: () => stored }), update: sinon.stub() };
    const firestore = {
      collection: () => ({ doc: () => ({}) }),
      runTransaction: (work: (given: typeof transaction) => unknown) => work(transaction),
    };
    const service = tests.make(testPlatform({ clients: { firestore: async () => firestore } }));
    const note = (of: RunEntity) =>
      service.noteOutcome('tst_1', of, (before) => nextOutcome(before, now('failed'), of));
    return { transaction, note };
  }
  const noted = nextOutcome(undefined, now('passed'), run('run_1', 5));
  const test = { id: 'tst_1', user_id: 'usr_1', last_outcome: noted };

  it('is noted, and nothing else of the test changes', async () => {
    const { transaction, note } = bench(test);
    const outcome = await note(run('run_2', 6));
    assert.deepEqual(outcome?.changes, ['became_failing']);
    assert.deepEqual(transaction.update.firstCall.args[1], { last_outcome: outcome });
  });

  it('is noted once for a run: when it comes again, it is as it was', async () => {
    const { transaction, note } = bench(test);
    assert.deepEqual(await note(run('run_1', 5)), noted);
    assert.equal(transaction.update.callCount, 0);
  });

  for (const [what, stored, of] of [
    ['an older run than the last one', test, run('run_0', 4)],
    ['a test that is gone', undefined, run('run_2', 6)],
    ["somebody else's", { ...test, user_id: 'usr_2' }, run('run_2', 6)],
  ] as const) {
    it(`is not noted of ${what}`, async () => {
      const { transaction, note } = bench(stored);
      assert.equal(await note(of), undefined);
      assert.equal(transaction.update.callCount, 0);
    });
  }
});
