import { learnedHabits } from '../../shared/analytics/learned-habits.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { liveSessions } from '../../shared/domain/live-sessions.ts';
import { listCommands, readCommand, validateSteps } from './handler.ts';
import { suggestCommands } from './suggest.ts';

export const commands = defineFunction({
  name: 'commands',
  summary: 'Tells the vocabulary, whether steps are valid, and which commands mostly come next.',
  trigger: http([listCommands, validateSteps, suggestCommands, readCommand]),
  services: { live: liveSessions, habits: learnedHabits },
});
