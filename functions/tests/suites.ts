import { camelize } from '../../shared/http/camelize.ts';
import { finder, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import type { Services } from './handler.ts';

const owned = finder(
  ({ suites }: Pick<Services, 'suites'>, id, userId) => suites.get(id, userId),
  (id) => `There is no suite '${id}'.`,
);

export const readSuite = readRoute(
  {
    path: '/v1/suites/:id',
    summary: 'Reads a suite: its name and the ids of its tests.',
    scope: 'tests:read',
    answer: 'suite',
  },
  owned,
  (suite) => camelize(suite),
);

export const deleteSuite = route<Services>({
  method: 'DELETE',
  path: '/v1/suites/:id',
  summary: 'Deletes a suite, its file and its tests.',
  access: { scope: 'tests:write' },
  answers: { 204: 'nothing' },
  async handle(request, { suites, files }) {
    const suite = await owned(request, { suites });
    await files.delete(suite.object.name);
    await suites.delete(suite);
    return { status: 204 };
  },
});
