import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type { TopicInput } from '../../shared/define/trigger.ts';
import { aDefinition, aRun, aSession, aTest, aWebhook } from '../testing.ts';
import { wanting } from './wanted.ts';

const eventOf = (type: string, data: Record<string, unknown>): TopicInput => ({
  ...{ id: 'evt_1', type, source: 'virtuoso', subject: 'x', time: '2026-03-04T12:00:00.000Z' },
  data: { user_id: 'usr_1', ...data },
});
const sessionEnded = eventOf('session.completed', {
  session_id: 'ses_1',
  run_id: 'run_1',
  test_id: 'tst_1',
  status: 'failed',
});
const runEnded = eventOf('run.completed', { run_id: 'run_1', status: 'failed' });

function bench(given: { session?: Partial<SessionEntity>; run?: Partial<RunEntity>; change?: boolean } = {}) {
  const reads = {
    sessions: { get: sinon.stub().resolves(aSession({ status: 'failed', ...given.session })) },
    runs: { get: sinon.stub().resolves(aRun(given.run)) },
    tests: {
      get: sinon.stub().resolves(aTest({ tags: ['smoke'] })),
      getAll: sinon.stub().resolves([aTest({ tags: ['smoke'] }), undefined]),
    },
  };
  const verdicts = { isChange: sinon.stub().resolves(given.change ?? true) };
  const webhooks = [
    aWebhook({ id: 'all' }),
    aWebhook({ id: 'smoke', filters: { tags: ['smoke', 'checkout'] } }),
    aWebhook({ id: 'changes', filters: { only_changes: true } }),
  ];
  const wantedBy = async (event: TopicInput, among = webhooks) =>
    (await wanting(event, among, { ...reads, verdicts } as never)).map(({ id }) => id);
  return { ...reads, verdicts, webhooks, wantedBy };
}

describe('filters of webhooks', () => {
  it('by tags let through what is about such a test', async () => {
    for (const [tags, wanted] of [
      [['checkout'], ['all', 'smoke', 'changes']],
      [['nightly'], ['all', 'changes']],
      [[], ['all', 'changes']],
    ] as const) {
      assert.deepEqual(await bench({ session: { tags: [...tags] } }).wantedBy(sessionEnded), wanted);
    }
    assert.deepEqual(await bench().wantedBy(eventOf('test.imported', { test_id: 'tst_1' })), [
      'all',
      'smoke',
      'changes',
    ]);
  });

  it('by tags let through what is about a run with such a test, stored or brought along', async () => {
    const { wantedBy, tests } = bench();
    assert.deepEqual(await wantedBy(runEnded), ['all', 'smoke', 'changes']);
    tests.getAll.resolves([]);
    assert.deepEqual(await wantedBy(eventOf('run.created', { run_id: 'run_1' })), ['all']);
    const definitions = [aDefinition({ tags: ['checkout'] })];
    const selection = { tests: [], definitions, variables: {} };
    const brought = bench({ run: { selection } });
    brought.tests.getAll.resolves([]);
    assert.deepEqual(await brought.wantedBy(runEnded), ['all', 'smoke', 'changes']);
  });

  it('of changes leave out the same verdict as before', async () => {
    for (const event of [sessionEnded, runEnded])
      assert.deepEqual(await bench({ change: false, session: { tags: ['smoke'] } }).wantedBy(event), ['all', 'smoke']);
  });

  it('of changes leave out what is no verdict, and cancelled runs', async () => {
    const { wantedBy, verdicts } = bench({ session: { tags: ['smoke'] } });
    for (const event of [
      eventOf('run.started', { run_id: 'run_1' }),
      eventOf('session.started', { session_id: 'ses_1', test_id: 'tst_1' }),
      eventOf('report.ready', { run_id: 'run_1' }),
      eventOf('run.completed', { run_id: 'run_1', status: 'cancelled' }),
    ])
      assert.deepEqual(await wantedBy(event), ['all', 'smoke'], event.type);
    assert.equal(verdicts.isChange.callCount, 0);
  });

  it('of changes wait for the last attempt', async () => {
    const { wantedBy, verdicts } = bench({ session: { attempts: 2, tags: ['smoke'] } });
    assert.deepEqual(await wantedBy(sessionEnded), ['all', 'smoke']);
    assert.equal(verdicts.isChange.callCount, 0);
  });

  it('of changes compare runs of the same tests in the same place', async () => {
    const subjects = await Promise.all(
      [
        { tests: ['tst_2', 'tst_1'] },
        { tests: ['tst_1', 'tst_2'] },
        { tests: ['tst_1'] },
        { tests: ['tst_1', 'tst_2'], environment: 'staging' },
      ].map(async (more) => {
        const { wantedBy, verdicts } = bench({ run: { selection: { definitions: [], variables: {}, ...more } } });
        await wantedBy(runEnded);
        return JSON.stringify(verdicts.isChange.firstCall.args[0].subject);
      }),
    );
    assert.equal(subjects[0], subjects[1]);
    assert.equal(new Set(subjects).size, 3);
  });

  it('cost nothing where no webhook has any, and leave alone what has no tags', async () => {
    const { wantedBy, runs, sessions, tests, verdicts, webhooks } = bench();
    await wantedBy(sessionEnded, [aWebhook()]);
    assert.deepEqual(await wantedBy(eventOf('webhook.disabled', { webhook_id: 'whk_9' }), webhooks), [
      'all',
      'smoke',
      'changes',
    ]);
    for (const stub of [runs.get, sessions.get, tests.get, tests.getAll, verdicts.isChange])
      assert.equal(stub.callCount, 0);
  });
});
