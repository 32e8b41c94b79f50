import type { Problem } from '../../schemas/contract.ts';
import type { Step } from '../../schemas/step.ts';
import { testDefinition } from '../../schemas/test-definition.ts';
import { commandContracts } from '../commands/contracts.ts';
import { innerLists } from '../domain/inner-steps.ts';
import { conditionProblems } from './check-conditions.ts';
import { textProblems } from './check-texts.ts';
import { type Draft, placeOf } from './draft.ts';
import { yesOrNo } from './located.ts';
import type { Report } from './report.ts';
import { optionNames } from './step-options.ts';
import { quote } from './yaml-problems.ts';

/** Checks a definition by its contract and each step by its command's, and tells the problems where the file has them. */
export function checkDefinition(draft: Draft, report: Report): void {
  const { definition } = draft;
  const told = new Set<string>();
  const tell = (problem: Problem, base: string, subject: string, words?: string): void => {
    const pointer = `${base}${problem.pointer}`;
    const code = codeOf(problem);
    const at = placeOf(draft, pointer, code === 'unknown-key');
    const message = words ?? (code === 'invalid-value' ? withName(problem) : problem.message);
    // A block that is used twice has its problems once.
    if (told.has(`${at.start} ${message}`)) return;
    told.add(`${at.start} ${message}`);
    report.error(code, `${message}${subject}`, at, hintFor(problem, draft, pointer));
  };
  // What is missing because it could not be read has been told already.
  for (const problem of report.failed ? [] : testDefinition.problems(definition)) tell(problem, '', '');
  checkBase(draft, report);
  for (const [base, step] of stepsOf(draft)) {
    const contract = commandContracts[step.command];
    for (const problem of foldAlternatives(contract?.problems(step) ?? [], step.command))
      tell(refusedOption(inWords(problem, step.command)), base, ` in ${step.command}`);
    for (const problem of conditionProblems(step)) tell(problem, base, ` in ${step.command}`);
    for (const problem of textProblems(step)) tell(problem, base, '', problem.message);
  }
}

/** What pages are opened at; with variables in it, only a run can tell. */
function checkBase(draft: Draft, report: Report): void {
  const base: unknown = draft.definition.baseUrl;
  if (typeof base !== 'string' || /\{\{|\$/.test(base) || /^https?:\/\/[^/]/i.test(base)) return;
  const [host, port] = /^[\w.-]+(:\d+)?(?=\/|$)/.exec(base) ?? [];
  const scheme = port || host === 'localhost' ? 'http' : 'https';
  const hint = host ? `Write ${scheme}://${base}` : 'It begins with http:// or https://.';
  report.error(
    'invalid-value',
    `the base URL '${base}' is no address of a site`,
    placeOf(draft, '/baseUrl', false),
    hint,
  );
}

/** A problem of a value, with the value's name. */
function withName({ pointer, message }: Problem): string {
  return pointer && !message.startsWith('a condition') ? `'${pointer.split('/').pop()}' ${message}` : message;
}

/** Steps that hold others do not take every option of steps. */
function refusedOption(problem: Problem): Problem {
  const name = problem.pointer.slice(1);
  if (!problem.message.startsWith('unknown field') || !optionNames.includes(name)) return problem;
  return { ...problem, hint: `give '${name}' to the steps inside.` };
}

/** Every step, those inside others too, with its JSON Pointer. */
export function* stepsOf({ definition }: Pick<Draft, 'definition'>): Generator<[string, Step]> {
  for (const list of ['setup', 'teardown'] as const) yield* withInner(definition[list], `/${list}`);
  // What is no checkpoint is told by the contract.
  const checkpoints: readonly { readonly steps?: unknown }[] = definition.checkpoints;
  for (const [number, checkpoint] of checkpoints.entries())
    if (Array.isArray(checkpoint?.steps)) yield* withInner(checkpoint.steps, `/checkpoints/${number}/steps`);
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
  return /is required( beside '\w+')?$/.test(message) ? 'missing-key' : 'invalid-value';
}

interface Alternatives {
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
  readonly anyOf?: readonly { readonly required: readonly string[] }[];
}

/** `oneOf` and `anyOf` complain once for each alternative; people are told once of which fields one is needed. */
function foldAlternatives(problems: readonly Problem[], command: string): Problem[] {
  const { oneOf, anyOf } = (commandContracts[command]?.schema ?? {}) as Alternatives;
  const isOf = ({ pointer, message }: Problem, words: string): boolean => pointer === '' && message.includes(words);
  const exactly = oneOf && problems.some((problem) => isOf(problem, 'exactly one schema'));
  const least =
    anyOf && problems.some((problem) => isOf(problem, 'a schema in anyOf') || isOf(problem, 'must be required'));
  if (!exactly && !least) return [...problems];
  const names = ((exactly ? oneOf : anyOf) ?? []).flatMap(({ required }) => required);
  const rest = problems.filter(
    ({ pointer, message }) => pointer !== '' && !(message.endsWith('is required') && names.includes(pointer.slice(1))),
  );
  const hint = exactly ? 'keep or add one of them.' : 'add one of them.';
  return [
    ...rest,
    { pointer: '', message: `${exactly ? 'exactly' : 'at least'} one of ${names.join(', ')} is needed`, hint },
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
  if (/^must be (?:a )?boolean/.test(problem.message)) {
    const meant = typeof value === 'string' ? yesOrNo.get(value.toLowerCase()) : undefined;
    if (meant !== undefined) return `Write ${meant}: '${value}' is a text in YAML.`;
  }
  return codeOf(problem) === 'missing-key' ? `Add '${pointer.split('/').pop()}'.` : undefined;
}
