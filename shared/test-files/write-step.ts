import { isDeepStrictEqual } from 'node:util';
import { innerFields, type Step } from '../../schemas/step.ts';
import { innerLists } from '../domain/inner-steps.ts';
import { valueFieldOf } from './command-fields.ts';
import { type FormName, wordsOf } from './forms.ts';
import { locate } from './locate.ts';
import { argumentsFor } from './read-arguments.ts';
import { readStep } from './read-step.ts';
import { createReport } from './report.ts';
import { optionNames } from './step-options.ts';
import { vocabularyOf } from './vocabulary.ts';
import { writeShape } from './write-shape.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A step as a form writes it: the first of the ways that reads back as the same step. What no way of the form's own can
 * say is a step in canonical form, which every form reads.
 */
export function writeStep(step: Step, form: FormName): unknown {
  const inner = Object.fromEntries(
    innerLists(step).map(([field, steps]) => [field, steps.map((nested) => writeStep(nested, form))]),
  );
  for (const way of waysOf({ ...step, ...inner }, form)) if (says(way, step, form)) return way;
  return step;
}

function says(way: unknown, step: Step, form: FormName): boolean {
  const report = createReport('', '');
  const read = readStep(locate(way), form, report);
  return report.diagnostics.length === 0 && read !== undefined && isDeepStrictEqual(read.step, step);
}

function* waysOf({ command, ...step }: Step, form: FormName): Generator<unknown> {
  const names = new Set<string>(optionNames);
  const own = Object.fromEntries(Object.entries(step).filter(([name]) => !names.has(name)));
  const options = Object.fromEntries(Object.entries(step).filter(([name]) => names.has(name)));
  if (form === 'extended') yield typed(command, own, options);
  if (form === 'journey') yield* withArguments(command, own, options);
  if (form === 'compact' || form === 'simplified' || isFlow(command)) yield* keyed(command, own, options, form);
  // Waiting has the option of all steps as its own field.
  if (options.timeoutMs !== undefined && (form === 'compact' || form === 'simplified')) {
    const { timeoutMs, ...others } = options;
    yield* keyed(command, { ...own, timeoutMs }, others, form);
  }
}

const isFlow = (command: string): boolean => command.startsWith('control.');

function* keyed(command: string, own: Fields, options: Fields, form: FormName): Generator<unknown> {
  for (const [key, claims] of vocabularyOf(wordsOf(form)))
    for (const claim of claims) {
      if (claim.command !== command) continue;
      const said = writeShape(claim.shape, own);
      if (said) yield { [key]: said.value, ...options };
    }
}

/** `{type, command, target, value, …, description, meta}`. */
function typed(command: string, own: Fields, { label, timeoutMs, onFailure, ...options }: Fields): unknown {
  const [type, verb] = command.split('.');
  const valueField = valueFieldOf(command);
  const fields = Object.entries(own).map(([name, value]) => [
    name === valueField && !('value' in own) && !isInner(name) ? 'value' : name,
    value,
  ]);
  const meta = {
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(onFailure === undefined ? {} : { critical: onFailure === 'stop' }),
  };
  return {
    ...{ type, command: verb },
    ...Object.fromEntries(fields),
    ...(label === undefined ? {} : { description: label }),
    ...options,
    ...(Object.keys(meta).length > 0 ? { meta } : {}),
  };
}

const isInner = (name: string): boolean => (innerFields as readonly string[]).includes(name);

/** `{command, args, options}`: the arguments in the order of the command line, the rest as options. */
function* withArguments(command: string, own: Fields, options: Fields): Generator<unknown> {
  const [group] = command.split('.');
  for (const { verb, fields } of argumentsFor(command, own)) {
    const rest = Object.fromEntries(Object.entries(own).filter(([name]) => !fields.includes(name)));
    const more = { ...rest, ...options };
    yield {
      command: group,
      args: [verb, ...fields.map((name) => own[name])],
      ...(Object.keys(more).length > 0 ? { options: more } : {}),
    };
  }
}
