import { exportQuery } from '../../schemas/requests.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { type ApiRequest, route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Services } from './handler.ts';
import { ownedTest } from './owned-test.ts';

const contentTypes = { yaml: 'application/yaml; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

/** YAML has the media type of RFC 9512. */
export const exportTest = route<Services, undefined, typeof exportQuery>({
  method: 'GET',
  path: '/v1/tests/:id/export',
  summary: 'Writes a test as a file of a form; what the form cannot say is refused by name.',
  access: { scope: 'tests:read' },
  answers: { 200: 'test-file' },
  query: exportQuery,
  async handle(request, { tests }) {
    const test = await ownedTest(request, { tests });
    if (!test.definition) {
      const hint = `read its diagnostics: GET /v1/tests/${test.id}`;
      const details = [{ pointer: '/id', message: 'the test is invalid', hint }];
      throw new AppError('unprocessable', 'A test that is invalid cannot be written in another form.', { details });
    }
    const { form = 'canonical', format = accepted(request) } = request.query;
    const { writeTestFile } = await import('../../shared/test-files/write.ts');
    const written = writeTestFile({ definition: test.definition as TestDefinition }, form, format);
    if (!('text' in written)) {
      const { pointer, message } = written;
      const hint = 'export the canonical form, which can say everything';
      const details = [{ pointer: `/definition${pointer}`, message, hint }];
      throw new AppError('unprocessable', `The ${form} form cannot say the test.`, { details });
    }
    const name = `${test.id}.${format}`;
    const headers = {
      'content-type': contentTypes[format],
      'content-disposition': `attachment; filename="${name}"`,
      vary: 'accept',
    };
    return { status: 200, headers, body: written.text };
  },
});

function accepted(request: Pick<ApiRequest, 'header'>): 'yaml' | 'json' {
  const accept = request.header('accept') ?? '';
  return /\bjson\b/.test(accept) && !/\byaml\b/.test(accept) ? 'json' : 'yaml';
}
