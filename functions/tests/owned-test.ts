import type { TestEntity } from '../../schemas/entities.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import type { ApiRequest } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';

/** The test that a path names. @throws AppError not-found when there is none, or when it is somebody else's */
export async function ownedTest(
  { params, caller }: Pick<ApiRequest, 'params' | 'caller'>,
  tests: Tests,
): Promise<TestEntity> {
  const test = await tests.get(params.id ?? '', caller.userId);
  if (!test) throw new AppError('not-found', `There is no test '${params.id}'.`);
  return test;
}
