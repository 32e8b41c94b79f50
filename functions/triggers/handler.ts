import { activeQuery } from '../../schemas/schedules.ts';
import { type TriggerEntity, triggerPatch, triggerRequest } from '../../schemas/triggers.ts';
import { hashOfKey } from '../../shared/domain/api-keys.ts';
import { selectionOf } from '../../shared/domain/run-selection.ts';
import { MOST_TRIGGERS } from '../../shared/domain/triggers.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { listReply, pageOf } from '../../shared/http/lists.ts';
import { deleteRoute, finder, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { encodeBytes } from '../../shared/platform/ids.ts';
import { meantPath } from './object-path.ts';
import { type Services, view } from './services.ts';

/** As many as those of API keys: nothing is guessed. */
const TOKEN_BYTES = 25;

const missing = (id: string): string => `There is no trigger '${id}'.`;
const owned = finder(({ triggers }: Pick<Services, 'triggers'>, id, userId) => triggers.getOwned(id, userId), missing);

export const createTrigger = route<Services, typeof triggerRequest>({
  method: 'POST',
  path: '/v1/triggers',
  summary: 'Starts a run when a message comes or an object lands; the token that messages carry is shown this once.',
  access: { scope: 'runs:write' },
  answers: { 201: 'trigger-made' },
  body: triggerRequest,
  async handle({ body, caller }, services) {
    const { name, on, active = true, match, path, run } = body;
    checkFits(on, { match, path }, caller.userId);
    if (on === 'object' && path === undefined) throw wrong('/path', "a trigger by objects needs a 'path'");
    await selectionOf(run, caller.userId, services, '/run');
    if ((await services.triggers.count(caller.userId)) >= MOST_TRIGGERS)
      throw new AppError('conflict', `You have ${MOST_TRIGGERS} triggers: delete one of them first.`);
    const token = on === 'message' ? `vtt_${encodeBytes(services.randomBytes(TOKEN_BYTES))}` : undefined;
    const trigger = await services.triggers.create({
      ...{ id: services.ids.next('trg'), user_id: caller.userId, name, on, active, run },
      ...(match ? { match } : {}),
      ...(path === undefined ? {} : { path }),
      ...(token === undefined ? {} : { token_hash: hashOfKey(token) }),
    });
    const headers = { location: `/v1/triggers/${trigger.id}` };
    return { status: 201, headers, body: { ...view(trigger), ...(token === undefined ? {} : { token }) } };
  },
});

export const listTriggers = route<Services, undefined, typeof activeQuery>({
  method: 'GET',
  path: '/v1/triggers',
  summary: 'Lists your triggers, newest first; those that are active, or not.',
  access: { scope: 'runs:read' },
  answers: { 200: 'triggers' },
  query: activeQuery,
  async handle({ query, caller }, { triggers }) {
    const page = pageOf(query);
    const active = query.active === undefined ? undefined : query.active === 'true';
    return listReply(page, await triggers.list(caller.userId, page, active), view);
  },
});

export const readTrigger = readRoute(
  { path: '/v1/triggers/:id', summary: 'Reads a trigger, without its token.', scope: 'runs:read', answer: 'trigger' },
  owned,
  view,
);

export const patchTrigger = route<Services, typeof triggerPatch>({
  method: 'PATCH',
  path: '/v1/triggers/:id',
  summary: 'Changes a trigger, or has it start nothing for a while. What is named is replaced.',
  access: { scope: 'runs:write' },
  answers: { 200: 'trigger' },
  body: triggerPatch,
  async handle(request, services) {
    const { body, caller } = request;
    const { id, on } = await owned(request, services);
    checkFits(on, body, caller.userId);
    if (body.run) await selectionOf(body.run, caller.userId, services, '/run');
    const changed = await services.triggers.change(id, (current) => {
      checkIfMatch(request.header('if-match'), view(current));
      return body;
    });
    if (!changed) throw new AppError('not-found', missing(id));
    return { status: 200, body: view(changed) };
  },
});

export const deleteTrigger = deleteRoute(
  { path: '/v1/triggers/:id', summary: 'Deletes a trigger: its token starts nothing any more.', scope: 'runs:write' },
  owned,
  view,
  ({ triggers }: Services, { id }, check) => triggers.delete(id, check),
);

/** Messages have no path, objects nothing to match, and a path that can be of one. */
function checkFits(
  on: TriggerEntity['on'],
  { match, path }: { match?: unknown; path?: string | undefined },
  userId: string,
): void {
  if (on === 'message' && path !== undefined) throw wrong('/path', "a trigger by messages takes 'match', no 'path'");
  if (on === 'object' && match !== undefined) throw wrong('/match', "a trigger by objects takes 'path', no 'match'");
  const meant = path === undefined ? undefined : meantPath(path, userId);
  if (meant !== undefined)
    throw wrong(
      '/path',
      `no object fits '${path}': names are those below tests/{user}/, of no folders: write '${meant}'`,
    );
}

const wrong = (pointer: string, message: string): AppError =>
  new AppError('invalid-argument', `${message[0]?.toUpperCase()}${message.slice(1)}.`, {
    details: [{ pointer, message }],
  });
