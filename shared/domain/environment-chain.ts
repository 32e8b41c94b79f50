import type { EnvironmentEntity } from '../../schemas/entities.ts';
import type { Cipher } from '../platform/cipher.ts';
import { AppError } from '../platform/errors.ts';
import type { Environments } from './environments.ts';

/** What steps see of an environment and of those it adds to. */
export interface OpenEnvironment {
  /** What `${ENV:NAME}` stands for, secrets included. */
  readonly values: Readonly<Record<string, string>>;
  /** Values that no record may hold. */
  readonly secrets: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/** An environment may add to another one, and so on, so many in all. */
const LONGEST_CHAIN = 10;

/**
 * An environment and those it adds to, the nearest first.
 * @throws AppError unprocessable when one of them does not exist, or adds to itself
 */
export async function environmentChain(
  environments: Pick<Environments, 'named'>,
  userId: string,
  name: string,
): Promise<EnvironmentEntity[]> {
  const chain: EnvironmentEntity[] = [];
  let wanted: string | undefined = name;
  while (wanted !== undefined) {
    if (chain.some((one) => one.name === wanted)) {
      const circle = [...chain.map((one) => one.name), wanted].join(' → ');
      throw new AppError('unprocessable', `The environment '${wanted}' adds to itself: ${circle}.`);
    }
    if (chain.length === LONGEST_CHAIN)
      throw new AppError(
        'unprocessable',
        `More than ${LONGEST_CHAIN} environments add to each other, from '${name}' on.`,
      );
    const found = await environments.named(wanted, userId);
    if (!found) throw missing(wanted, chain.at(-1)?.name);
    chain.push(found);
    wanted = found.parent;
  }
  return chain;
}

function missing(name: string, child: string | undefined): AppError {
  const message =
    child === undefined
      ? `There is no environment '${name}'.`
      : `The environment '${child}' adds to '${name}', which does not exist.`;
  return new AppError('unprocessable', message);
}

/**
 * Looks whether a request can name an environment.
 * @param at the pointer to what has the field `environment`
 * @throws AppError unprocessable when there is no such environment, or none of those that it adds to
 */
export async function checkEnvironment(
  name: string,
  userId: string,
  environments: Pick<Environments, 'named'>,
  at = '',
): Promise<void> {
  try {
    await environmentChain(environments, userId, name);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unprocessable')) throw error;
    const hint = 'GET /v1/environments lists yours';
    const details = [{ pointer: `${at}/environment`, message: error.message, hint }];
    throw new AppError('unprocessable', error.message, { cause: error, details });
  }
}

/** Decrypts an environment's secrets and puts it together with those it adds to; the nearest goes first. */
export async function openEnvironment(
  environments: Pick<Environments, 'named'>,
  cipher: Pick<Cipher, 'decrypt'>,
  userId: string,
  name: string,
): Promise<OpenEnvironment> {
  const values: Record<string, string> = {};
  const files: Record<string, string> = {};
  const secrets: string[] = [];
  for (const one of (await environmentChain(environments, userId, name)).reverse()) {
    Object.assign(values, one.variables);
    Object.assign(files, one.files);
    for (const [key, sealed] of Object.entries(one.secrets)) {
      const secret = (await cipher.decrypt(sealed)).toString('utf8');
      values[key] = secret;
      // One that a nearer environment replaces is a secret all the same.
      secrets.push(secret);
    }
  }
  return { values, secrets, files };
}
