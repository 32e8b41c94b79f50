import type { LibraryEntity } from '../../schemas/entities.ts';
import { listQuery } from '../../schemas/requests.ts';
import type { Library } from '../../shared/domain/library.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { listReply, pageOf } from '../../shared/http/lists.ts';
import { type ApiRequest, route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';
import { checkpointOf } from './checkpoint-of.ts';

export interface Services {
  readonly library: Library;
}

export const storeCheckpoint = route<Services, 'raw'>({
  method: 'POST',
  path: '/v1/library',
  summary:
    'Stores a checkpoint, written as a test in any form: its steps, and its variables as parameters. A name that is taken gets a new version.',
  access: { scope: 'library:write' },
  answers: { 200: 'checkpoint', 201: 'checkpoint' },
  body: 'raw',
  async handle({ body, caller }, { library }) {
    const content = checkpointOf(body);
    const { checkpoint, created } = await library.store({
      ...content,
      user_id: caller.userId,
      content_hash: contentHash(content),
    });
    return {
      status: created ? 201 : 200,
      headers: { location: `/v1/library/${checkpoint.id}` },
      body: camelize(checkpoint),
    };
  },
});

export const listLibrary = route<Services, undefined, typeof listQuery>({
  method: 'GET',
  path: '/v1/library',
  summary: 'Lists your checkpoints with all their versions, newest first.',
  access: { scope: 'library:read' },
  answers: { 200: 'checkpoints' },
  query: listQuery,
  async handle({ query, caller }, { library }) {
    const page = pageOf(query);
    return listReply(page, await library.list(caller.userId, page), (checkpoint) => camelize(checkpoint));
  },
});

export const readCheckpoint = route<Services>({
  method: 'GET',
  path: '/v1/library/:id',
  summary: 'Reads a checkpoint by its id, its name (the newest version) or name@version.',
  access: { scope: 'library:read' },
  answers: { 200: 'checkpoint' },
  handle: async (request, { library }) => ({ status: 200, body: camelize(await owned(request, library)) }),
});

export const deleteCheckpoint = route<Services>({
  method: 'DELETE',
  path: '/v1/library/:id',
  summary: 'Deletes one version of a checkpoint; runs that were planned with it keep its steps.',
  access: { scope: 'library:write' },
  answers: { 204: 'nothing' },
  async handle(request, { library }) {
    const { id } = await owned(request, library);
    await library.delete(id);
    return { status: 204 };
  },
});

async function owned({ params, caller }: ApiRequest<unknown>, library: Library): Promise<LibraryEntity> {
  const checkpoint = await library.find(params.id ?? '', caller.userId);
  if (!checkpoint) throw new AppError('not-found', `The library has no checkpoint '${params.id}'.`);
  return checkpoint;
}
