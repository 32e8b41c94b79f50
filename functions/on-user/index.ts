import { defineFunction } from '../../shared/define/function.ts';
import { onDocument } from '../../shared/define/trigger.ts';
import { erasures } from '../../shared/domain/erasures.ts';
import { eraser } from '../../shared/erasure/eraser.ts';
import { erasuresCollection } from '../../shared/resources/collections.ts';
import { onUser as handle } from './handler.ts';

export const onUser = defineFunction({
  name: 'on-user',
  summary: 'Erases a user: their documents, objects and rows.',
  trigger: onDocument(erasuresCollection, 'created'),
  timeoutSeconds: 540,
  concurrency: 4,
  services: { erasures, eraser },
  handle,
});
