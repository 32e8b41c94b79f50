import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { alive, ready } from './handler.ts';
import { probes } from './probes.ts';

export const health = defineFunction({
  name: 'health',
  summary: 'Says whether the API and what it depends on are there.',
  trigger: http([alive, ready]),
  memory: '256Mi',
  services: { probes },
});
