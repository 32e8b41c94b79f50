import type { Library } from '../../shared/domain/library.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { deleteRoute, finder, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';
import { checkpointOf } from './checkpoint-of.ts';

export interface Services {
  readonly library: Library;
}

const owned = finder(
  ({ library }: Services, id, userId) => library.find(id, userId),
  (id) => `The library has no checkpoint '${id}'.`,
);

export const storeCheckpoint = route<Services, 'raw'>({
  method: 'POST',
  path: '/v1/library',
  summary:
    'Stores a checkpoint, written as a test in any form: its steps, and its variables as parameters. A name that is taken gets a new version.',
  access: { scope: 'library:write' },
  answers: { 200: 'checkpoint', 201: 'checkpoint' },
  body: 'raw',
  async handle({ body, caller }, { library }) {
    const content = await checkpointOf(body);
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

export const listLibrary = listRoute(
  {
    path: '/v1/library',
    summary: 'Lists your checkpoints with all their versions, newest first.',
    scope: 'library:read',
    answer: 'checkpoints',
  },
  ({ library }: Services, userId, page) => library.list(userId, page),
  (checkpoint) => camelize(checkpoint),
);

export const readCheckpoint = readRoute(
  {
    path: '/v1/library/:id',
    summary: 'Reads a checkpoint by its id, its name (the newest version) or name@version.',
    scope: 'library:read',
    answer: 'checkpoint',
  },
  owned,
  (checkpoint) => camelize(checkpoint),
);

export const deleteCheckpoint = deleteRoute(
  {
    path: '/v1/library/:id',
    summary:
      'Deletes one version of a checkpoint; its number is never given again, and runs that were planned with it keep its steps.',
    scope: 'library:write',
  },
  owned,
  (checkpoint) => camelize(checkpoint),
  async ({ library }: Services, checkpoint, check) => {
    check(checkpoint);
    await library.delete(checkpoint);
  },
);
