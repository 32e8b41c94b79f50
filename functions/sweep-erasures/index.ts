import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { erasures } from '../../shared/domain/erasures.ts';
import { eraser } from '../../shared/erasure/eraser.ts';
import { sweepErasures as handle } from './handler.ts';

export const sweepErasures = defineFunction({
  name: 'sweep-erasures',
  summary: 'Goes on with erasures, and looks again for what came late.',
  trigger: onSchedule('7 * * * *'),
  maxInstances: 1,
  timeoutSeconds: 540,
  services: { erasures, eraser },
  handle,
});
