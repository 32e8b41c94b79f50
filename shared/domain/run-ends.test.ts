import assert from 'node:assert/strict';
import { NOON, testPlatform } from '../platform/testing.ts';
import { runEnds } from './run-ends.ts';

describe('the end of a run', () => {
  /** Watches a run that comes to be so, one after the other. @returns how often its end was told after each */
  async function watched(...states: readonly (object | undefined)[]) {
    let see: (snapshot: { data(): object | undefined }) => void = () => assert.fail('nobody listens');
    let stopped = 0;
    const ref = {
      onSnapshot: (seen: typeof see) => {
        see = seen;
        return () => stopped++;
      },
    };
    const firestore = { collection: () => ({ doc: () => ref }) };
    const service = runEnds.make(testPlatform({ clients: { firestore: async () => firestore } }));
    let told = 0;
    service.watch('run_1', () => told++);
    await new Promise((resolve) => setImmediate(resolve));
    const seen = states.map((state) => {
      see({ data: () => state });
      return told;
    });
    return { seen, stopped };
  }

  for (const [what, state] of [
    ['is to be cancelled', { status: 'running', cancel_requested_at: new Date(NOON) }],
    ['has ended', { status: 'passed' }],
    ['is gone', undefined],
  ] as const) {
    it(`is told once when it ${what}, and nothing before`, async () => {
      const { seen, stopped } = await watched({ status: 'queued' }, { status: 'running' }, state, state);
      assert.deepEqual([seen, stopped], [[0, 0, 1, 1], 1]);
    });
  }
});
