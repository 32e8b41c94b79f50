import type { SuiteEntity } from '../../schemas/entities.ts';
import type { Suites } from '../../shared/domain/suites.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { type ApiRequest, route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Services } from './handler.ts';

export const readSuite = route<Services>({
  method: 'GET',
  path: '/v1/suites/:id',
  summary: 'Reads a suite: its name and the ids of its tests.',
  access: { scope: 'tests:read' },
  answers: { 200: 'suite' },
  handle: async (request, { suites }) => ({ status: 200, body: camelize(await owned(request, suites)) }),
});

export const deleteSuite = route<Services>({
  method: 'DELETE',
  path: '/v1/suites/:id',
  summary: 'Deletes a suite, its file and its tests.',
  access: { scope: 'tests:write' },
  answers: { 204: 'nothing' },
  async handle(request, { suites, files }) {
    const suite = await owned(request, suites);
    await files.delete(suite.object.name);
    await suites.delete(suite);
    return { status: 204 };
  },
});

async function owned({ params, caller }: ApiRequest<unknown>, suites: Suites): Promise<SuiteEntity> {
  const suite = await suites.get(params.id ?? '', caller.userId);
  if (!suite) throw new AppError('not-found', `There is no suite '${params.id}'.`);
  return suite;
}
