import { type LiveCheckpointRequest, liveCheckpointRequest } from '../../schemas/live-changes.ts';
import {
  checkpointsOf,
  type FilledCheckpoint,
  MOST_CHECKPOINTS,
  standingOf,
} from '../../shared/domain/live-checkpoints.ts';
import { isClosed } from '../../shared/domain/live-sessions.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { owned } from './handler.ts';
import type { Services } from './services.ts';

const view = (checkpoint: FilledCheckpoint) => {
  const { position, name, description, from, created_at } = checkpoint;
  return {
    ...{ position, name },
    ...(description === undefined ? {} : { description }),
    from,
    ...standingOf(checkpoint),
    createdAt: created_at.toISOString(),
  };
};

export const listCheckpoints = route<Services>({
  method: 'GET',
  path: '/v1/sessions/:id/checkpoints',
  summary: 'Lists the checkpoints of a live session: its commands in groups, and how each group went.',
  access: { scope: 'sessions:read' },
  answers: { 200: 'live-checkpoints' },
  async handle(request, services) {
    const session = await owned(request, services);
    const commands = await services.live.commandsOf(session.id);
    return { status: 200, body: { items: checkpointsOf(session, commands).map(view) } };
  },
});

export const beginCheckpoint = route<Services, typeof liveCheckpointRequest>({
  method: 'POST',
  path: '/v1/sessions/:id/checkpoints',
  summary:
    'Begins a checkpoint: the commands that are sent from now on are its, and a test that is saved of the session has it.',
  access: { scope: 'sessions:write' },
  answers: { 201: 'live-checkpoint' },
  body: liveCheckpointRequest,
  async handle(request, services) {
    const { id } = await owned(request, services);
    const { name, description } = request.body as LiveCheckpointRequest;
    const changed = await services.live.change(id, (session) => {
      if (isClosed(session))
        throw new AppError('conflict', `The session is ${session.status}: it takes no more commands.`);
      const { checkpoints = [], commands } = session;
      if (checkpoints.length >= MOST_CHECKPOINTS)
        throw new AppError('unprocessable', `The session has ${checkpoints.length} checkpoints; it can have no more.`);
      const begun = {
        name,
        ...(description === undefined ? {} : { description }),
        from: commands + 1,
        created_at: new Date(services.clock.now()),
      };
      return { checkpoints: [...checkpoints, begun] };
    });
    const begun = changed && checkpointsOf(changed, []).at(-1);
    if (!begun) throw new AppError('not-found', `There is no live session '${id}'.`);
    return { status: 201, body: view(begun) };
  },
});
