import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { listCommands, readCommand, validateSteps } from './handler.ts';

export const commands = defineFunction({
  name: 'commands',
  summary: 'Tells the vocabulary, and whether steps are valid.',
  trigger: http([listCommands, validateSteps, readCommand]),
  services: {},
});
