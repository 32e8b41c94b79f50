import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LoggedEvent } from '../../shared/domain/run-log.ts';
import type { End, StreamedEvent } from '../../shared/http/follow-events.ts';
import type { ApiReply } from '../../shared/http/route.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest, aRun } from '../testing.ts';
import { readRunEvents } from './events.ts';

const seqOf = (n: number) => `${1_700_000_000_000_000 + n}.evt_a.0000`;
const event = (n: number, type: LoggedEvent['type']): LoggedEvent => ({
  ...{ seq: seqOf(n), id: `evt_${n}`, type, time: 't', data: { run_id: 'run_1' } },
});
const log = [event(1, 'run.started'), event(2, 'report.ready'), event(3, 'checkpoint.completed')];
const ended = aRun({ status: 'passed', ended_at: new Date(NOON) });

describe('the events of a run', () => {
  function bench(run = aRun(), end: string | undefined = undefined) {
    const runLog = {
      endOf: sinon.stub().resolves(end),
      read: sinon.stub().callsFake(async (_id: string, after = '') => log.filter(({ seq }) => seq > after)),
      follow: sinon.stub().returns(() => {}),
    };
    const runs = { getOwned: sinon.stub().resolves(run) };
    const services = withBase({ runs, runLog } as never) as never;
    const ask = (after?: string, more: object = {}) => {
      const headers: Record<string, string> = after === undefined ? {} : { 'last-event-id': after };
      return readRunEvents.handle(aRequest({ params: { id: 'run_1' }, headers, ...more }) as never, services);
    };
    return { runLog, runs, ask };
  }
  /** What is told until it ends, and why that is. */
  const told = ({ events }: ApiReply) => {
    const seen: { events: StreamedEvent[]; end?: End } = { events: [] };
    events?.start(
      (given) => seen.events.push(...given),
      (why) => {
        seen.end = why;
      },
    );
    return seen;
  };
  const typesOf = (events: readonly StreamedEvent[]) => events.map(({ type }) => type);

  it('are followed while it runs, up to its report', async () => {
    const { runLog, ask } = bench();
    const seen = told(await ask(seqOf(0)));
    const [id, after, onEvents] = runLog.follow.firstCall.args;
    assert.deepEqual([id, after], ['run_1', seqOf(0)]);
    onEvents(log);
    assert.deepEqual(
      seen.events.map(({ id, type }) => [id, type]),
      [
        [seqOf(1), 'run.started'],
        [seqOf(2), 'report.ready'],
      ],
    );
    assert.deepEqual(seen.events[0]?.data, {
      ...{ id: 'evt_1', type: 'run.started', timestamp: 't', data: { run_id: 'run_1' } },
    });
    assert.equal(seen.end, 'told');
  });

  it('are followed from where the query says, unless a header says it', async () => {
    const query = { lastEventId: seqOf(1) };
    const byQuery = bench();
    told(await byQuery.ask(undefined, { query }));
    assert.equal(byQuery.runLog.follow.firstCall.args[1], seqOf(1));
    const byBoth = bench();
    told(await byBoth.ask(seqOf(2), { query }));
    assert.equal(byBoth.runLog.follow.firstCall.args[1], seqOf(2));
  });

  it('end, for the client to come again, where they cannot be followed any longer', async () => {
    const { runLog, ask } = bench();
    const seen = told(await ask());
    runLog.follow.firstCall.args[3](new Error('gone'));
    assert.deepEqual(seen, { events: [], end: 'later' });
  });

  it('are read at once when it is over, and none where all were had', async () => {
    const { runLog, ask } = bench(ended, seqOf(2));
    const seen = told(await ask());
    assert.deepEqual([typesOf(seen.events), seen.end], [['run.started', 'report.ready'], 'told']);
    assert.equal((await ask(seqOf(2))).status, 204);
    assert.equal(runLog.follow.callCount, 0);
  });

  it('are followed when it has just ended; the last ones may still come, but not for ever', async () => {
    const justNow = bench(ended);
    told(await justNow.ask());
    assert.equal(justNow.runLog.follow.callCount, 1);
    const longAgo = bench({ ...ended, ended_at: new Date(NOON - 3_600_000) });
    assert.equal(typesOf(told(await longAgo.ask()).events).at(-1), 'checkpoint.completed');
    assert.equal((await longAgo.ask(seqOf(3))).status, 204);
  });

  it('are refused from a place that is none, and when the run is of somebody else', async () => {
    await assert.rejects(bench().ask('7'), appError('invalid-argument', /Last-Event-ID/));
    await assert.rejects(bench(null as never).ask(), appError('not-found', /run_1/));
  });
});
