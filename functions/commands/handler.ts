import { nearest } from '../../schemas/problems.ts';
import { stepsRequest } from '../../schemas/requests.ts';
import { commands, findCommand } from '../../shared/commands/index.ts';
import type { Command } from '../../shared/define/command.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';

export const listCommands = route({
  method: 'GET',
  path: '/v1/commands',
  summary: 'The vocabulary: every command with the JSON Schema of its step, and examples that are valid as they stand.',
  access: 'public',
  answers: { 200: 'commands' },
  handle: async () => ({ status: 200, headers: KEPT, body: { items: await Promise.all(commands.map(view)) } }),
});

export const readCommand = route({
  method: 'GET',
  path: '/v1/commands/:name',
  summary: 'One command of the vocabulary.',
  access: 'public',
  answers: { 200: 'command' },
  async handle({ params }) {
    const command = findCommand(params.name ?? '');
    if (command) return { status: 200, headers: KEPT, body: await view(command) };
    const like = nearest(
      params.name ?? '',
      commands.map(({ name }) => name),
    );
    throw new AppError('not-found', `There is no command '${params.name}'.${like ? ` Did you mean '${like}'?` : ''}`);
  },
});

export const validateSteps = route<unknown, typeof stepsRequest>({
  method: 'POST',
  path: '/v1/commands/validate',
  summary: 'Says whether steps are valid, and of each problem where it is and how to mend it; nothing is run.',
  access: { scope: 'tests:read' },
  limit: 'command',
  body: stepsRequest,
  answers: { 200: 'validated-steps' },
  async handle({ body }) {
    const { stepProblems } = await import('./step-problems.ts');
    const problems = body.steps.flatMap((step, i) => stepProblems(step, `/steps/${i}`));
    return { status: 200, body: { valid: problems.length === 0, problems } };
  },
});

/** The vocabulary changes with the version that is deployed. */
const KEPT = { 'cache-control': 'public, max-age=300' };

/** The schemas are a large part of the bundle, and loaded by who asks for them. */
async function view({ name, summary, kind, examples }: Command) {
  const { commandContracts } = await import('../../shared/commands/contracts.ts');
  return { name, summary, kind, schema: commandContracts[name]?.schema, examples };
}
