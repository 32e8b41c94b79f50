import type { LiveCommandEntity, LiveSessionEntity, SaveRequest } from '../../schemas/live.ts';
import { saveRequest } from '../../schemas/live.ts';
import type { Step } from '../../schemas/step.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { withoutInner } from '../../shared/domain/inner-steps.ts';
import { checkpointsOf } from '../../shared/domain/live-checkpoints.ts';
import { testIdOf } from '../../shared/domain/tests.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { testsBucket } from '../../shared/resources/buckets.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';
import { owned } from './handler.ts';
import type { Services } from './services.ts';

export const saveSession = route<Services, typeof saveRequest>({
  method: 'POST',
  path: '/v1/sessions/:id/save',
  summary: 'Writes the commands that passed as a test file of any form; with store, it becomes one of your tests.',
  access: { scope: 'sessions:write' },
  answers: { 200: 'saved-test', 202: 'saved-test' },
  body: saveRequest,
  async handle(request, services) {
    const session = await owned(request, services);
    const { name, form = 'canonical', format = 'yaml', store = false } = request.body as SaveRequest;
    if (store && !request.caller.scopes.includes('tests:write'))
      throw new AppError('permission-denied', "Storing a test needs the scope 'tests:write'.");
    const definition = definitionOf(session, await services.live.commandsOf(session.id), name);
    const { writeTestFile } = await import('../../shared/test-files/write.ts');
    const written = writeTestFile({ definition }, form, format);
    if (!('text' in written)) {
      const { pointer, message } = written;
      const details = [{ pointer, message, hint: 'save the canonical form, which can say everything' }];
      throw new AppError('unprocessable', `The ${form} form cannot say the session's commands.`, { details });
    }
    const { text } = written;
    if (!store) return { status: 200, body: { form, text } };
    const { userId } = request.caller;
    const object = `tests/${userId}/${fileNameOf(name)}.${format}`;
    await services.files.put(object, text, {
      contentType: `application/${format}`,
      metadata: { owner: userId, content_hash: contentHash(definition) },
    });
    const id = testIdOf(testsBucket.name, object);
    const headers = { location: `/v1/tests/${id}` };
    return { status: 202, headers, body: { form, text, test: { id, status: 'importing' } } };
  },
});

function definitionOf(
  session: LiveSessionEntity,
  commands: readonly LiveCommandEntity[],
  name: string,
): TestDefinition {
  const groups = checkpointsOf(session, commands);
  const checkpoints = groups
    .map((group) => ({ name: groups.length > 1 ? group.name : name, steps: passedSteps(group.commands) }))
    .filter(({ steps }) => steps.length > 0);
  if (checkpoints.length === 0) throw new AppError('unprocessable', 'No command of the session has passed yet.');
  return {
    name,
    tags: [],
    ...(session.base_url === undefined ? {} : { baseUrl: session.base_url }),
    ...(session.environment === undefined ? {} : { environment: session.environment }),
    config: session.config,
    variables: session.variables,
    data: [],
    setup: [],
    checkpoints,
    teardown: [],
  };
}

const passedSteps = (commands: readonly LiveCommandEntity[]): Step[] =>
  commands.flatMap(({ step, status }) => (step && status === 'passed' ? [asWritten(step as Step)] : []));

/** What a step uses of the library is in it only while it runs. */
const asWritten = (step: Step): Step => (step.command === 'control.use' ? withoutInner(step) : step);

/** Letters of every script and digits; a name that has none of them is the session's. */
function fileNameOf(name: string): string {
  const safe = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
  return `live/${safe || 'session'}`;
}
