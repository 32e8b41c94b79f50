import { type OpenEnvironment, openEnvironment } from '../../shared/domain/environment-chain.ts';
import { StepError } from '../../shared/engine/step-error.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Work } from './work.ts';

const none: OpenEnvironment = { values: {}, secrets: [], files: {} };

/** The environment that the session's steps see. @throws StepError environment-not-found */
export async function environmentOf(work: Work): Promise<OpenEnvironment> {
  const { session, services } = work;
  if (session.environment === undefined) return none;
  try {
    return await openEnvironment(services.environments, services.cipher, session.user_id, session.environment);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unprocessable')) throw error;
    throw new StepError('environment-not-found', error.message, {
      hint: 'GET /v1/environments lists yours.',
      cause: error,
    });
  }
}
