import { type LiveCommandEntity, type LiveCommandsRequest, liveCommandsRequest } from '../../schemas/live.ts';
import { hasResult } from '../../shared/domain/live-sessions.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { owned } from './handler.ts';
import { readSteps } from './read-steps.ts';
import { send } from './send.ts';
import type { Services } from './services.ts';

const view = (command: LiveCommandEntity) => {
  const { position, kind, status, result, inner, snapshot, suggestions, candidates, resumed } = command;
  const { created_at, started_at, ended_at } = command;
  return {
    n: position,
    kind,
    status,
    ...(result ? { result: camelize(result) } : {}),
    ...(inner ? { inner: camelize(inner) } : {}),
    ...(snapshot ? { snapshot } : {}),
    ...(suggestions ? { suggestions } : {}),
    ...(candidates ? { candidates } : {}),
    ...(resumed ? { resumed } : {}),
    createdAt: created_at.toISOString(),
    ...(started_at ? { startedAt: started_at.toISOString() } : {}),
    ...(ended_at ? { endedAt: ended_at.toISOString() } : {}),
  };
};

export const sendCommands = route<Services, typeof liveCommandsRequest>({
  method: 'POST',
  path: '/v1/sessions/:id/commands',
  summary:
    'Runs a step, or several in order, in a live session and answers with the results; with 202 when that takes longer than Prefer: wait (60 seconds).',
  access: { scope: 'sessions:write' },
  limit: 'command',
  answers: { 200: 'live-commands', 202: 'live-commands' },
  body: liveCommandsRequest,
  async handle(request, services) {
    const body = request.body as LiveCommandsRequest;
    const { include, snapshot, snapshotMaxBytes, stopOnError = true } = body;
    const look = {
      ...(include === undefined ? {} : { include }),
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(snapshotMaxBytes === undefined ? {} : { snapshotMaxBytes }),
    };
    const steps = await readSteps(body, request.caller.userId, services);
    const given = steps.map((step) => ({ kind: 'step' as const, step, look, stop_on_error: stopOnError }));
    const commands = await send(request, given, services);
    const [first] = commands;
    const location = `/v1/sessions/${request.params.id}/commands/${commands.at(-1)?.position}`;
    const done = commands.every(hasResult);
    return {
      status: done ? 200 : 202,
      headers: { location },
      body: body.steps === undefined && first ? view(first) : { items: commands.map(view) },
    };
  },
});

export const readCommand = route<Services>({
  method: 'GET',
  path: '/v1/sessions/:id/commands/:n',
  summary: 'Reads a command of a live session; with Prefer: wait, once its result is there.',
  access: { scope: 'sessions:read' },
  answers: { 200: 'live-command' },
  async handle(request, services) {
    const { id } = await owned(request, services);
    const { n = '' } = request.params;
    const command = /^[1-9]\d{0,8}$/.test(n) ? await services.live.command(id, Number(n)) : undefined;
    if (!command) throw new AppError('not-found', `The session has no command ${n}.`);
    const wait = hasResult(command) ? undefined : request.waitSeconds;
    const waited = wait ? await services.live.waitForResult(command.id, wait * 1000) : command;
    return { status: 200, body: view(waited ?? command) };
  },
});
