import type { Tests } from '../../shared/domain/tests.ts';
import { finder } from '../../shared/http/resources.ts';

/** The test that a path names. @throws AppError not-found when there is none, or when it is somebody else's */
export const ownedTest = finder(
  ({ tests }: { readonly tests: Tests }, id, userId) => tests.get(id, userId),
  (id) => `There is no test '${id}'.`,
);
