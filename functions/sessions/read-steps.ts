import { type LiveCommandsRequest, lookOptions } from '../../schemas/live.ts';
import type { Step } from '../../schemas/step.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { lookUpUses, remembering, UseProblem } from '../../shared/domain/look-up-uses.ts';
import { readStorableTest } from '../../shared/domain/storable-test.ts';
import { AppError, type ErrorDetail } from '../../shared/platform/errors.ts';
import type { Services } from './services.ts';

/** What a step may take of a document's 1 MiB, as JSON. */
const LARGEST_STEP = 100_000;
const options: ReadonlySet<string> = new Set(Object.keys(lookOptions.properties));

/**
 * The steps that a request brings, in canonical form, with what they use of the library in them.
 * @throws AppError invalid-argument when it brings none, or several in different ways; unprocessable with what is wrong
 */
export async function readSteps(body: LiveCommandsRequest, userId: string, { library }: Services): Promise<Step[]> {
  const { given, at } = stepsOf(body);
  const read = await Promise.all(given.map((step, i) => readOne(step, at(i))));
  const problems = read.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) throw invalid(problems);
  const lookup = remembering({
    find: (reference) => library.find(reference, userId),
    names: () => library.names(userId),
  });
  const steps: Step[] = [];
  for (const [i, one] of read.entries()) {
    if (!('definition' in one)) continue;
    try {
      const { checkpoints } = await lookUpUses(one.definition, lookup);
      const bytes = Buffer.byteLength(JSON.stringify(checkpoints));
      if (bytes > LARGEST_STEP)
        throw invalid([{ pointer: at(i), message: `has ${bytes} bytes; at most ${LARGEST_STEP} are taken` }]);
      steps.push(...((checkpoints[0]?.steps ?? []) as Step[]));
    } catch (error) {
      if (!(error instanceof UseProblem)) throw error;
      throw invalid([{ pointer: at(i), message: error.message }]);
    }
  }
  return steps;
}

/** A step stands in the body itself, in `step`, or several in `steps`. */
function stepsOf(body: LiveCommandsRequest): { given: readonly unknown[]; at: (index: number) => string } {
  const ways = (['command', 'step', 'steps'] as const).filter((name) => body[name] !== undefined);
  const [way] = ways;
  if (way === undefined || ways.length > 1) {
    throw new AppError('invalid-argument', "Send one of 'command' with its fields, 'step', or 'steps'.");
  }
  const { command: _command, step, steps = [], stopOnError, ...fields } = body;
  const [looks, others] = [
    Object.keys(fields).filter((name) => options.has(name)),
    Object.keys(fields).filter((name) => !options.has(name)),
  ];
  if (way === 'command') {
    const own = Object.fromEntries(Object.entries(body).filter(([name]) => !looks.includes(name)));
    delete own.stopOnError;
    return { given: [own], at: () => '' };
  }
  const unknown = others.map((name) => ({ pointer: `/${name}`, message: `unknown field '${name}'` }));
  if (unknown.length > 0) throw new AppError('invalid-argument', 'The body is not valid.', { details: unknown });
  return way === 'step' ? { given: [step], at: () => '/step' } : { given: steps, at: (index) => `/steps/${index}` };
}

/** A step is read as a test file's only one would be: the same forms are taken, the same is said of what is wrong. */
async function readOne(
  step: unknown,
  pointer: string,
): Promise<{ definition: TestDefinition } | { problems: ErrorDetail[] }> {
  const { definition, diagnostics } = await readStorableTest(JSON.stringify({ test: 'step', do: [step] }), {
    name: 'step',
  });
  const [checkpoint, ...others] = definition?.checkpoints ?? [];
  if (definition && others.length === 0 && checkpoint?.steps.length === 1 && checkpoint.name === 'step')
    return { definition };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return { problems: [{ pointer, message: 'is not one step' }] };
  return {
    problems: errors.map(({ code, message, hint, text }) => ({
      pointer,
      code,
      message,
      ...(text === undefined ? {} : { text }),
      ...(hint === undefined ? {} : { hint }),
    })),
  };
}

const invalid = (details: readonly ErrorDetail[]): AppError =>
  new AppError('unprocessable', `The steps have ${details.length} problem(s): nothing was run.`, { details });
