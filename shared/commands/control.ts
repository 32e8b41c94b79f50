import { defineCommand } from '../define/command.ts';
import { branchCommand } from './control-if.ts';
import { loopCommand } from './control-loop.ts';
import { tryCommand } from './control-try.ts';
import { useCommand } from './control-use.ts';
import { fields, text } from './fields.ts';

const fail = defineCommand({
  name: 'control.fail',
  summary: 'Fails, with a message.',
  kind: 'assertion',
  fields: fields({ message: text('Why.', { minLength: 1 }) }),
  examples: [{ command: 'control.fail', message: 'no guest may come here' }],
  run: async ({ message }) => ({ passed: false, actual: message }),
});

const stop = defineCommand({
  name: 'control.stop',
  summary: 'Ends the session here, without having failed.',
  kind: 'note',
  fields: fields({ message: text('Why.', { minLength: 1 }) }),
  examples: [{ command: 'control.stop', message: 'nothing to do today' }],
  run: async ({ message }) => ({ stop: true, value: message }),
});

export const controlCommands = [branchCommand, loopCommand, tryCommand, useCommand, fail, stop];
