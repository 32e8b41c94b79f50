import type { EnvironmentEntity } from '../../schemas/entities.ts';
import { type EnvironmentPatch, environmentPatch, environmentRequest } from '../../schemas/requests.ts';
import { environmentChain } from '../../shared/domain/environment-chain.ts';
import type { Environments } from '../../shared/domain/environments.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { deleteRoute, finder, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';
import { AppError } from '../../shared/platform/errors.ts';

export interface Services {
  readonly environments: Environments;
  readonly cipher: Cipher;
}

type Texts = Readonly<Record<string, string>>;
type Changes = Readonly<Record<string, string | null>>;

const missing = (id: string): string => `There is no environment '${id}'.`;
const owned = finder(
  ({ environments }: Pick<Services, 'environments'>, id, userId) => environments.getOwned(id, userId),
  missing,
);

export const createEnvironment = route<Services, typeof environmentRequest>({
  method: 'POST',
  path: '/v1/environments',
  summary: 'Stores an environment; its secrets are encrypted and never shown again.',
  access: { scope: 'environments:write' },
  answers: { 201: 'environment' },
  body: environmentRequest,
  async handle({ body, caller }, { environments, cipher }) {
    const { name, parent, variables = {}, secrets = {}, files = {} } = body;
    const content = { variables, secrets: await sealed(secrets, cipher), files };
    check(content);
    await checkParent(name, parent, caller.userId, environments);
    const created = await environments.create({
      user_id: caller.userId,
      name,
      ...(parent === undefined ? {} : { parent }),
      ...content,
    });
    if (!created) throw new AppError('conflict', `There is an environment '${name}' already: change it with PATCH.`);
    return { status: 201, headers: { location: `/v1/environments/${created.id}` }, body: view(created) };
  },
});

export const listEnvironments = listRoute(
  {
    path: '/v1/environments',
    summary: 'Lists your environments, newest first.',
    scope: 'environments:read',
    answer: 'environments',
  },
  ({ environments }: Services, userId, page) => environments.list(userId, page),
  view,
);

export const readEnvironment = readRoute(
  {
    path: '/v1/environments/:id',
    summary: 'Reads an environment; of its secrets only the names.',
    scope: 'environments:read',
    answer: 'environment',
  },
  owned,
  view,
);

export const patchEnvironment = route<Services, typeof environmentPatch>({
  method: 'PATCH',
  path: '/v1/environments/:id',
  summary: 'Changes variables, secrets, files or the parent; null takes one away.',
  access: { scope: 'environments:write' },
  answers: { 200: 'environment' },
  body: environmentPatch,
  async handle(request, { environments, cipher }) {
    const { body, caller } = request;
    const { id, name } = await owned(request, { environments });
    if (typeof body.parent === 'string') await checkParent(name, body.parent, caller.userId, environments);
    const secrets = await sealed(body.secrets ?? {}, cipher);
    const { FieldValue } = await import('@google-cloud/firestore');
    const changed = await environments.change(id, (current) => {
      checkIfMatch(request.header('if-match'), view(current));
      const content = merged(current, { ...body, secrets });
      check(content);
      const parent = body.parent === null ? (FieldValue.delete() as never) : body.parent;
      return { ...content, ...(parent === undefined ? {} : { parent }) };
    });
    if (!changed) throw new AppError('not-found', missing(id));
    return { status: 200, body: view(await owned(request, { environments })) };
  },
});

export const deleteEnvironment = deleteRoute(
  {
    path: '/v1/environments/:id',
    summary: 'Deletes an environment; runs that name it fail from then on.',
    scope: 'environments:write',
  },
  owned,
  view,
  ({ environments }: Services, { id }, check) => environments.delete(id, check),
);

/** Encrypts each; null, which takes one away, stays. */
async function sealed<V extends string | null>(
  secrets: Readonly<Record<string, V>>,
  cipher: Cipher,
): Promise<Record<string, V>> {
  const entries = Object.entries(secrets).map(
    async ([name, value]): Promise<[string, V]> => [
      name,
      value === null ? value : ((await cipher.encrypt(value)) as V),
    ],
  );
  return Object.fromEntries(await Promise.all(entries));
}

function merged(
  current: EnvironmentEntity,
  patch: EnvironmentPatch,
): Pick<EnvironmentEntity, 'variables' | 'secrets' | 'files'> {
  return {
    variables: changedTexts(current.variables, patch.variables),
    secrets: changedTexts(current.secrets, patch.secrets),
    files: changedTexts(current.files, patch.files),
  };
}

function changedTexts(current: Texts, changes: Changes = {}): Record<string, string> {
  const next = Object.entries({ ...current, ...changes });
  return Object.fromEntries(next.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** What one document holds, with room for its index entries. */
const LARGEST_CONTENT = 700_000;
const MOST_NAMES = 100;

function check({ variables, secrets, files }: Record<'variables' | 'secrets' | 'files', Texts>): void {
  const both = Object.keys(variables).filter((name) => Object.hasOwn(secrets, name));
  if (both.length > 0) {
    throw new AppError('invalid-argument', 'A name is a variable or a secret, not both.', {
      details: both.map((name) => ({ pointer: `/secrets/${name}`, message: `'${name}' is a variable too` })),
    });
  }
  for (const [kind, texts] of Object.entries({ variables, secrets, files })) {
    const count = Object.keys(texts).length;
    if (count > MOST_NAMES)
      throw new AppError(
        'invalid-argument',
        `The environment would have ${count} ${kind}; at most ${MOST_NAMES} are kept.`,
      );
  }
  if (Buffer.byteLength(JSON.stringify([variables, secrets, files])) > LARGEST_CONTENT)
    throw new AppError('too-large', 'The environment would be too large: keep what is long in files.');
}

/** A parent must be there, and must not add to the environment itself. */
async function checkParent(
  name: string,
  parent: string | undefined,
  userId: string,
  environments: Environments,
): Promise<void> {
  if (parent === undefined) return;
  const refuse = (message: string) =>
    new AppError('unprocessable', 'The parent cannot be used.', { details: [{ pointer: '/parent', message }] });
  const chain = await environmentChain(environments, userId, parent).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'unprocessable' ? refuse(error.message) : error;
  });
  if (parent === name || chain.some((one) => one.name === name)) throw refuse(`'${parent}' adds to '${name}' itself`);
}

/** Of secrets only the names. */
function view({ user_id, created_at, updated_at, secrets, ...environment }: EnvironmentEntity) {
  return {
    ...environment,
    secrets: Object.keys(secrets).sort(),
    userId: user_id,
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  };
}
