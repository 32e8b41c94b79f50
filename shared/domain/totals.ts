import type { RunEntity } from '../../schemas/entities.ts';

/** A run's totals before it is planned. */
export const emptyTotals: RunEntity['totals'] = {
  sessions: 0,
  passed: 0,
  failed: 0,
  error: 0,
  checkpoints: 0,
  steps: 0,
};
