import assert from 'node:assert/strict';
import type { RunEntity } from '../../schemas/entities.ts';
import { emptyTotals } from '../../shared/domain/totals.ts';
import type { NewEvent } from '../../shared/events/publish.ts';
import { planRun } from './handler.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

/** The services of a run whose test was deleted; the first `failing` publications fail. */
function deletedTest(failing: number) {
  let run: Partial<RunEntity> = {
    ...{ id: 'run_1', user_id: 'usr_1', status: 'queued', trigger: 'api', totals: emptyTotals },
    ...{ selection: { tests: ['tst_1'], definitions: [], variables: {} }, created_at: NOW, updated_at: NOW },
  };
  const published: NewEvent[] = [];
  const services = {
    runs: {
      get: async () => run,
      fail: async (_: string, error: string) => {
        run = { ...run, status: 'error', error, ended_at: NOW };
      },
    },
    tests: { getAll: async () => [undefined] },
    events: {
      publish: async (events: readonly NewEvent[]) => {
        if (failing-- > 0) throw new Error('Pub/Sub is away');
        published.push(...events);
      },
    },
    clock: { now: () => NOW.getTime() },
    log: { warning: () => {} },
  };
  const deliver = () =>
    planRun({ id: 'run_1' } as Parameters<typeof planRun>[0], services as unknown as Parameters<typeof planRun>[1]);
  return { deliver, published, run: () => run };
}

describe('planning a run whose test was deleted', () => {
  it('ends the run with the reason, and tells so', async () => {
    const { deliver, published, run } = deletedTest(0);
    await deliver();
    assert.equal(run().status, 'error');
    assert.match(run().error ?? '', /'tst_1' does not exist any more/);
    assert.deepEqual(
      published.map(({ type, time }) => [type, time]),
      [['run.completed', NOW]],
    );
  });

  it('tells it with the second delivery when that failed with the first', async () => {
    const { deliver, published } = deletedTest(1);
    await assert.rejects(deliver());
    await deliver();
    await deliver();
    assert.deepEqual(
      published.map(({ type, key, time }) => [type, key, time]),
      Array(2).fill(['run.completed', ['run_1'], NOW]),
    );
  });
});
