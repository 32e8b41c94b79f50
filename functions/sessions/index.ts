import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { shelf } from '../../shared/domain/library.ts';
import { liveLog } from '../../shared/domain/live-log.ts';
import { liveSessions } from '../../shared/domain/live-sessions.ts';
import { usage } from '../../shared/domain/usage.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { artifactsBucket, testsBucket } from '../../shared/resources/buckets.ts';
import { commandExecution } from '../../shared/resources/queues.ts';
import { beginCheckpoint, listCheckpoints } from './checkpoints.ts';
import { readCommand, sendCommands } from './commands.ts';
import { readSessionEvents } from './events.ts';
import { closeSession, createSession, listSessions, readSession } from './handler.ts';
import { readPage } from './page.ts';
import { patchSession } from './patch.ts';
import { saveSession } from './save.ts';

export const sessions = defineFunction({
  name: 'sessions',
  summary: 'Opens live sessions, takes their commands and answers with the results.',
  trigger: http([
    createSession,
    listSessions,
    readSession,
    patchSession,
    closeSession,
    sendCommands,
    readCommand,
    readPage,
    listCheckpoints,
    beginCheckpoint,
    readSessionEvents,
    saveSession,
  ]),
  timeoutSeconds: 120,
  services: {
    live: liveSessions,
    liveLog,
    usage,
    environments,
    library: shelf,
    wake: taskQueue(commandExecution),
    artifacts: objectStore(artifactsBucket, 'read'),
    files: objectStore(testsBucket, 'write'),
  },
});
