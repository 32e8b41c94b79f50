import type { ErasureEntity } from '../../schemas/erasure.ts';
import { BOOTSTRAP_USER } from '../../shared/http/authenticate.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { finder, readRoute } from '../../shared/http/resources.ts';
import { type ApiReply, type ApiRequest, route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Services } from './services.ts';
import { missing, view as userView } from './users.ts';

function view(receipt: ErasureEntity) {
  const { id, status, requested_by, created_at, erased_at, deleted, waits_for, next_round_at } = receipt;
  const shown = {
    requested_by,
    requested_at: created_at,
    erased_at,
    waits_for,
    next_round_at: next_round_at ?? undefined,
  };
  return { userId: id, status, ...(camelize(shown) as object), deleted };
}

export const eraseUser = route<Services>({
  method: 'DELETE',
  path: '/v1/users/:id',
  summary: 'Erases a user and everything of theirs; their keys and tokens are refused at once.',
  access: { scope: 'users:admin' },
  answers: { 202: 'erasure' },
  handle: (request, services) => begin(request.params.id ?? '', request, services),
});

export const eraseSelf = route<Services>({
  method: 'DELETE',
  path: '/v1/users/me',
  summary: 'Erases you and everything of yours; your keys and tokens are refused at once.',
  access: { scope: 'account:erase' },
  answers: { 202: 'erasure' },
  handle: (request, services) => begin(request.caller.userId, request, services),
});

async function begin(
  id: string,
  { caller, header }: Pick<ApiRequest, 'caller' | 'header'>,
  { erasures }: Pick<Services, 'erasures'>,
): Promise<ApiReply> {
  if (id === BOOTSTRAP_USER) {
    throw new AppError('permission-denied', 'The owner of the bootstrap key is no user, and cannot be erased.');
  }
  const receipt = await erasures.begin(id, caller.userId, (user) => checkIfMatch(header('if-match'), userView(user)));
  if (!receipt) throw new AppError('not-found', missing(id));
  return { status: 202, headers: { location: `/v1/users/${id}/erasure` }, body: view(receipt) };
}

export const readErasure = readRoute(
  {
    path: '/v1/users/:id/erasure',
    summary: 'Reads the receipt of an erasure: what was deleted, when, and who asked for it.',
    scope: 'users:admin',
    answer: 'erasure',
  },
  finder(
    ({ erasures }: Services, id) => erasures.get(id),
    (id) => `The user '${id}' was never erased.`,
  ),
  view,
);
