import assert from 'node:assert/strict';
import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import type { StepResult } from '../../schemas/step.ts';
import { NOON } from '../platform/testing.ts';
import { createTeller, isLiveSeq, LIVE_END, type LiveEvent } from './live-log.ts';

const at = new Date(NOON);
const stamps = { created_at: at, updated_at: at };
const session = (given: Partial<LiveSessionEntity>): LiveSessionEntity => ({
  ...{ ...stamps, id: 'ses_1', user_id: 'usr_1', kind: 'live', status: 'idle', config: {}, variables: {} },
  ...{ replay: 'safe', commands: 0, done: 0, passed: 0, failed: 0, last_navigation: 0, resumed: 0 },
  ...{ closes_at: at, expires_at: at, ...given },
});
const result: StepResult = {
  ...{ command: 'interact.click', index: 0, status: 'passed', started_at: at.toISOString() },
  ...{ duration_ms: 1, console: 0, network: { requests: 0, failed: 0 } },
};
const command = (position: number, given: Partial<LiveCommandEntity> = {}): LiveCommandEntity => ({
  ...{ ...stamps, id: `chk_${position}`, kind: 'step', session_id: 'ses_1', user_id: 'usr_1', position },
  ...{ batch: position, look: {}, stop_on_error: true, status: 'passed', result, ...given },
});
const inner = [{ ...result, index: 1, status: 'failed' as const }];
const commands = [command(1), command(2, { inner }), command(3, { kind: 'page' }), command(4)];

function bench(after?: string) {
  const told: LiveEvent[] = [];
  let ends = 0;
  const teller = createTeller(after, 'r', { events: (events) => void told.push(...events), end: () => void ends++ });
  return { see: teller.see, told, ends: () => ends, seqs: () => told.map(({ seq }) => seq) };
}
const closed = session({ status: 'closed', commands: 5, done: 4, started_at: at, ended_at: at });
const whole = (() => {
  const { see, told } = bench();
  see({ session: closed, commands });
  return told;
})();

describe('the log of a live session', () => {
  it('has its opening, an event a step with the number of its command, and its end', () => {
    assert.deepEqual(
      whole.map(({ seq, type, n }) => [seq, type, n]),
      [
        ['0000000000.0000', 'session.opened', undefined],
        ['0000000001.0000', 'command.executed', 1],
        ['0000000002.0000', 'command.executed', 2],
        ['0000000002.0001', 'command.failed', 2],
        ['0000000004.0000', 'command.executed', 4],
        [LIVE_END, 'session.closed', undefined],
      ],
    );
    assert.ok(whole.every(({ seq, data }) => isLiveSeq(seq) && !('user_id' in data)));
    assert.equal(new Set(whole.map(({ id }) => id)).size, whole.length);
  });

  it('goes on after each of its places without a gap or a repetition', () => {
    for (const [i, { seq }] of whole.entries()) {
      const { see, told, ends } = bench(seq);
      see({ session: closed, commands });
      assert.deepEqual(told, whole.slice(i + 1));
      assert.equal(ends(), 1);
    }
  });

  it('is in order whichever is seen first, the session or its commands', () => {
    const { see, seqs, ends } = bench();
    see({ commands: commands.slice(0, 1) });
    assert.deepEqual(seqs(), []);
    see({ session: session({ started_at: at, commands: 4 }) });
    assert.deepEqual(seqs(), ['0000000000.0000']);
    see({ commands: commands.slice(0, 2) });
    see({ session: session({ started_at: at, commands: 4, done: 2 }) });
    see({ session: closed });
    assert.deepEqual([seqs().at(-1), ends()], ['0000000002.0001', 0]);
    see({ commands });
    see({ session: closed, commands });
    assert.deepEqual(
      seqs(),
      whole.map(({ seq }) => seq),
    );
    assert.equal(ends(), 1);
  });

  it('does not end before its session does, and has no opening where none was', () => {
    const { see, told, ends } = bench();
    see({ session: session({}), commands: [command(1, { status: 'pending' })] });
    assert.deepEqual([told, ends()], [[], 0]);
    see({ session: session({ status: 'expired', commands: 1, ended_at: at }) });
    assert.deepEqual([told.map(({ type }) => type), ends()], [['session.closed'], 1]);
  });
});
