import { AppError } from '../../shared/platform/errors.ts';
import { environmentOf } from './environment.ts';
import type { Services } from './handler.ts';
import { keepObject } from './keep-object.ts';
import { outsideOf } from './outside.ts';
import { recall } from './remembering.ts';
import { readState, type SavedState } from './saved-state.ts';
import type { Work } from './work.ts';

/** What is stored elsewhere of what a session's steps see. @throws StepError environment-not-found */
export async function surroundingsOf(work: Work) {
  const [environment, fingerprints] = await Promise.all([environmentOf(work), recall(work)]);
  return { environment, fingerprints };
}

/** What the engine is opened with; `last` has the state that it goes on from. */
export async function engineOptions(
  work: Work,
  { environment, fingerprints }: Awaited<ReturnType<typeof surroundingsOf>>,
  last: SavedState | undefined,
) {
  const { session, services } = work;
  const { state_object } = last ?? {};
  const { values, secrets, files } = environment;
  return {
    config: session.config,
    ...(session.base_url === undefined ? {} : { baseUrl: session.base_url }),
    variables: session.variables,
    environment: values,
    secrets,
    ...(state_object === undefined ? {} : { state: await readState({ ...last, state_object }, services) }),
    artifacts: {
      async save(name: string, body: Uint8Array, contentType: string) {
        await keepObject(work, name, body, contentType);
      },
    },
    outside: outsideOf(work, files),
    ...(fingerprints === undefined ? {} : { fingerprints }),
    artifactPrefix: session.id,
    clock: services.clock,
    random: services.random,
    navigationGuard: (url: string) => refusalOf(url, services),
  };
}

/** Why an address may not be opened, if so. A name that is not known is the page's own error, not a refusal. */
async function refusalOf(url: string, { egress }: Services): Promise<string | undefined> {
  try {
    await egress.guard.check(new URL(url).hostname);
    return undefined;
  } catch (error) {
    return error instanceof AppError && error.code === 'permission-denied' ? error.message : undefined;
  }
}
