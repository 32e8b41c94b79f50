import type { TestEntity } from '../../schemas/entities.ts';
import { AppError } from '../platform/errors.ts';
import type { Documents } from './documents.ts';
import { fixedPartOf, matchesGlob } from './glob.ts';

/** Which of a user's tests: those with one of the tags, below a path, or both. */
export interface Choice {
  readonly tags?: readonly string[];
  /** A pattern of the names of their files: `shop/**`. */
  readonly path?: string;
}

/** As many as a run may name. */
const MOST_CHOSEN = 1000;
const MOST_LOOKED_AT = 10_000;
/** Sorts after every character that a name has. */
const LAST = '\uf8ff';

/**
 * The ids of the tests that are chosen, in the order of their files and names.
 * @throws AppError unprocessable when they are too many
 */
export async function chooseTests(
  documents: Documents<TestEntity>,
  userId: string,
  { tags, path }: Choice,
): Promise<string[]> {
  const folder = `tests/${userId}/`;
  const looked = await documents.find((query) => {
    const mine = query.where('user_id', '==', userId);
    const first = folder + fixedPartOf(path ?? '');
    const narrowed = tags
      ? mine.where('tags', 'array-contains-any', [...tags])
      : mine
          .where('object.name', '>=', first)
          .where('object.name', '<', first + LAST)
          .orderBy('object.name');
    return narrowed.select('id', 'name', 'object').limit(MOST_LOOKED_AT + 1);
  });
  const chosen = looked.filter(
    ({ object }) => path === undefined || matchesGlob(path, object.name.slice(folder.length)),
  );
  if (looked.length > MOST_LOOKED_AT || chosen.length > MOST_CHOSEN)
    throw new AppError(
      'unprocessable',
      `More than ${MOST_CHOSEN} tests are chosen: name fewer tags, or a longer path.`,
    );
  return chosen.sort(byFileAndName).map(({ id }) => id);
}

function byFileAndName(a: TestEntity, b: TestEntity): number {
  const [first, second] = [a, b].map(({ object, name }) => `${object.name}\u0000${name}`) as [string, string];
  return first < second ? -1 : 1;
}
