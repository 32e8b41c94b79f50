import type { Step } from '../../schemas/step.ts';
import { findCommand } from '../commands/index.ts';
import { stepsOf } from './check-definition.ts';
import type { Draft } from './draft.ts';
import { journey } from './forms.ts';
import { entryOf, isNothing, kindOf, type Located, type Mapping } from './located.ts';
import { readKeyed } from './read-keyed.ts';
import type { Report } from './report.ts';
import type { Files } from './take-in.ts';
import { retryKeys } from './top-keys.ts';

const MOST_RETRIES = 10;

/** Reads a file in the journey form: everything stands below `journey`. */
export function readJourney(root: Mapping, report: Report, files: Files): Draft {
  for (const { key, at } of root.entries)
    if (key !== 'journey')
      report.error('unknown-key', `unknown key '${key}' beside 'journey'`, at, `Put it below 'journey:'.`);
  const inner = entryOf(root, 'journey');
  if (inner?.value.kind !== 'mapping') {
    const found = inner && !isNothing(inner.value) ? kindOf(inner.value) : 'nothing';
    report.error(
      'wrong-value',
      `'journey' is a mapping, not ${found}`,
      inner?.at ?? root,
      'Write journey: with name: and checkpoints: below it.',
    );
    return readKeyed({ ...root, entries: [] }, journey, report, files);
  }
  const draft = readKeyed(inner.value, journey, report, files);
  retrySteps(draft, entryOf(inner.value, 'config')?.value, report);
  return draft;
}

/** `retry_failed_steps` and `max_retry_count` make each step that has no `retry` of its own try again. */
function retrySteps(draft: Draft, config: Located | undefined, report: Report): void {
  const [wanted, most] = retryKeys.map((key) => entryOf(config, key)?.value);
  const on = wanted?.kind === 'scalar' ? wanted.value : undefined;
  const count = most?.kind === 'scalar' ? most.value : 1;
  if (wanted && typeof on !== 'boolean')
    report.error('wrong-value', "'retry_failed_steps' takes true or false", wanted, 'Write retry_failed_steps: true.');
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > MOST_RETRIES) {
    const hint = `Write a whole number from 0 to ${MOST_RETRIES}.`;
    report.error('wrong-value', `'max_retry_count' takes a number`, most ?? { start: 0, end: 0 }, hint);
  } else if (most && on !== true) {
    const hint = "Add retry_failed_steps: true, or remove 'max_retry_count'.";
    report.warn('no-effect', "'max_retry_count' has no effect without 'retry_failed_steps: true'", most, hint);
  } else if (on === true && count > 0)
    for (const [, step] of stepsOf(draft)) if (canFail(step)) step.retry ??= { count };
}

/** A step that holds others is not tried again as a whole where each of those is. */
const canFail = ({ command }: Step): boolean => !['note', 'flow'].includes(findCommand(command)?.kind ?? 'note');

/** The checkpoints in the order of their positions, where they have any: all of them, and each its own. */
export function inPosition(items: readonly Located[], report: Report): readonly Located[] {
  const positions = items.map((item) => entryOf(item, 'position')?.value);
  if (positions.every((position) => position === undefined)) return items;
  const numbers = positions.map((position) => (position?.kind === 'scalar' ? position.value : undefined));
  items.forEach((item, at) => {
    const number = numbers[at];
    if (typeof number !== 'number') {
      const hint = 'Number all the checkpoints, or none.';
      report.error('missing-key', "the checkpoint has no number as its 'position'", positions[at] ?? item, hint);
    } else if (numbers.indexOf(number) !== at) {
      const hint = 'Give each checkpoint a position of its own.';
      report.error('duplicate-position', `the position ${number} stands twice`, positions[at] ?? item, hint);
    }
  });
  return [...items].sort((a, b) => Number(numbers[items.indexOf(a)]) - Number(numbers[items.indexOf(b)]));
}
