import type { Problem } from '../../schemas/contract.ts';
import type { Step } from '../../schemas/step.ts';
import { testDefinition } from '../../schemas/test-definition.ts';
import { commandContracts } from '../commands/contracts.ts';
import { innerLists } from '../domain/inner-steps.ts';
import { type Draft, placeOf } from './draft.ts';
import type { Report } from './report.ts';
import { quote } from './yaml-problems.ts';

/** Checks a definition by its contract and each step by its command's, and tells the problems where the file has them. */
export function checkDefinition(draft: Draft, report: Report): void {
  const { definition } = draft;
  const told = new Set<string>();
  const tell = (problem: Problem, base: string, subject: string): void => {
    const pointer = `${base}${problem.pointer}`;
    if (told.has(`${pointer} ${problem.message}`)) return;
    told.add(`${pointer} ${problem.message}`);
    const code = codeOf(problem);
    const name = pointer.split('/').pop() ?? '';
    const message = code === 'invalid-value' && problem.pointer ? `'${name}' ${problem.message}` : problem.message;
    report.error(
      code,
      `${message}${subject}`,
      placeOf(draft, pointer, code === 'unknown-key'),
      hintFor(problem, draft, pointer),
    );
  };
  // What is missing because it could not be read has been told already.
  for (const problem of report.failed ? [] : testDefinition.problems(definition)) tell(problem, '', '');
  for (const [base, step] of stepsOf(draft)) {
    const contract = commandContracts[step.command];
    for (const problem of foldAlternatives(contract?.problems(step) ?? [], step.command))
      tell(inWords(problem, step.command), base, ` in ${step.command}`);
  }
}

/** Every step, those inside others too, with its JSON Pointer. */
export function* stepsOf({ definition }: Pick<Draft, 'definition'>): Generator<[string, Step]> {
  for (const list of ['setup', 'teardown'] as const) yield* withInner(definition[list], `/${list}`);
  for (const [number, checkpoint] of definition.checkpoints.entries())
    yield* withInner(checkpoint.steps, `/checkpoints/${number}/steps`);
}

function* withInner(steps: readonly Step[], base: string): Generator<[string, Step]> {
  for (const [at, step] of steps.entries()) {
    yield [`${base}/${at}`, step];
    for (const [field, inner] of innerLists(step)) yield* withInner(inner, `${base}/${at}/${field}`);
  }
}

/** A field that takes a variable instead of its value has a pattern, which says nothing to people. */
function inWords({ message, ...problem }: Problem, command: string): Problem {
  const schema = commandContracts[command]?.schema as
    | { properties?: Record<string, { type?: string | string[] }> }
    | undefined;
  const type = schema?.properties?.[problem.pointer.slice(1)]?.type;
  const plain = message.startsWith('must match pattern') || message.startsWith('must be ');
  if (!plain || !Array.isArray(type) || !type.includes('string') || type.includes('object'))
    return { message, ...problem };
  const wanted = type.filter((name) => name !== 'string');
  if (wanted.length !== 1 || /[<>]/.test(message)) return { message, ...problem };
  return {
    ...problem,
    message: `must be ${wanted[0] === 'integer' ? 'an' : 'a'} ${wanted[0]} or a variable like {{name}}`,
  };
}

function codeOf({ message }: Problem): string {
  if (message.startsWith('unknown field')) return 'unknown-key';
  return message.endsWith('is required') ? 'missing-key' : 'invalid-value';
}

/** `oneOf` complains once for each alternative; people are told once which fields exclude each other. */
function foldAlternatives(problems: readonly Problem[], command: string): Problem[] {
  if (!problems.some(({ pointer, message }) => pointer === '' && message.includes('exactly one schema')))
    return [...problems];
  const schema = commandContracts[command]?.schema as { oneOf?: { required: string[] }[] } | undefined;
  const names = (schema?.oneOf ?? []).flatMap(({ required }) => required);
  const rest = problems.filter(
    ({ pointer, message }) => pointer !== '' && !(message.endsWith('is required') && names.includes(pointer.slice(1))),
  );
  return [
    ...rest,
    { pointer: '', message: `exactly one of ${names.join(', ')} is needed`, hint: 'keep or add one of them.' },
  ];
}

function hintFor(problem: Problem, draft: Draft, pointer: string): string | undefined {
  if (problem.hint) return problem.hint.charAt(0).toUpperCase() + problem.hint.slice(1);
  const value = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], draft.definition);
  if (problem.message === 'must be string' && (typeof value === 'number' || typeof value === 'boolean'))
    return `Quote it: ${quote(String(value))}`;
  if (
    typeof value === 'string' &&
    /^must be (?:an? )?(?:number|integer|boolean)/.test(problem.message) &&
    /^(?:-?[\d.]+|true|false)$/.test(value)
  )
    return `Remove the quotation marks: ${value}`;
  return codeOf(problem) === 'missing-key' ? `Add '${pointer.split('/').pop()}'.` : undefined;
}
