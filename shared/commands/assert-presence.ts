import { defineCommand, type StepOutcome } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import type { ElementFacts, Sighting, Target } from '../engine/target.ts';
import type { Aliases } from '../test-files/shapes.ts';
import * as shape from '../test-files/shapes.ts';
import { assertedElement, asserting } from './assert-aliases.ts';
import { fields, target } from './fields.ts';

function presenceAliases(verb: string): Aliases {
  const typed = asserting(assertedElement, verb, ...(verb === 'exists' ? ['present', 'element-exists'] : []));
  if (verb === 'exists')
    return {
      compact: { ch: shape.target() },
      simplified: { assert: [shape.target(), typed] },
      sentences: [
        'see {target}',
        'look for {target}',
        'assert|verify|expect|ensure {target:quoted}',
        ...shape.claims('{target} exists', '{target} is present', '{target} is there'),
      ],
    };
  if (verb !== 'not-exists')
    return {
      simplified: { assert: typed },
      sentences: shape.claims(...presenceWords[verb === 'visible' ? 'visible' : 'hidden']),
    };
  return {
    compact: { nch: shape.target() },
    simplified: { assert: typed },
    sentences: [
      "don't see {target}",
      'do not see {target}',
      'not see {target}',
      ...shape.claims('{target} does not exist', '{target} is absent', '{target} is not present|there'),
    ],
  };
}

const presenceWords = {
  visible: ['{target} is visible|displayed|shown'],
  hidden: ['{target} is hidden|invisible', '{target} is not visible|displayed|shown'],
} as const;

function stateAliases(verb: string): Aliases {
  return {
    simplified: { assert: asserting(assertedElement, verb) },
    sentences: shape.claims(`{target} is ${verb.replace('-', ' ')}`),
  };
}

const presenceExamples: Readonly<Record<string, string>> = { 'not found': '#sold-out', hidden: '#hidden-note' };

/** Whether an element is there and can be seen: any of several matches will do. */
function presence(verb: string, summary: string, expected: string, holds: (seen: Sighting) => boolean) {
  return defineCommand({
    name: `assert.${verb}`,
    summary,
    kind: 'assertion',
    fields: fields({ target }),
    aliases: presenceAliases(verb),
    examples: [
      {
        command: `assert.${verb}`,
        target: presenceExamples[expected] ?? 'Welcome',
      },
    ],
    run: ({ target }, context) =>
      context.poll(async () => {
        const seen = await context.look(target);
        return { passed: holds(seen), expected, actual: presenceOf(seen) };
      }),
  });
}

function presenceOf(seen: Sighting): string {
  if (seen.total === 0) return 'not found';
  return isVisible(seen) ? 'visible' : 'hidden';
}

const isVisible = (seen: Sighting): boolean => seen.matches.some((match) => match.visible);

/** A state of the one element that the target means. */
function state(verb: string, summary: string, example: string, holds: (facts: ElementFacts) => boolean) {
  return defineCommand({
    name: `assert.${verb}`,
    summary,
    kind: 'assertion',
    fields: fields({ target }),
    examples: [{ command: `assert.${verb}`, target: example }],
    aliases: stateAliases(verb),
    run: ({ target }, context) =>
      pollElement(context, target, (facts) => {
        const passed = holds(facts);
        return { passed, expected: verb, actual: passed ? verb : opposite(verb) };
      }),
  });
}

const opposite = (verb: string): string =>
  verb === 'enabled'
    ? 'disabled'
    : verb === 'disabled'
      ? 'enabled'
      : verb.startsWith('not-')
        ? verb.slice(4)
        : `not-${verb}`;

/** Polls the one element of a target. @throws StepError element-not-found, ambiguous-target when it never comes. */
export async function pollElement(
  context: StepContext,
  target: Target,
  judge: (facts: ElementFacts) => StepOutcome,
  attribute?: string,
): Promise<StepOutcome> {
  let found = false;
  const outcome = await context.poll(async () => {
    const one = await context.seek(target, 'read', attribute);
    found = one !== undefined && one !== 'several';
    return one === undefined || one === 'several' ? { passed: false } : judge(one);
  });
  return found ? outcome : judge((await context.find(target, 'read', attribute)).facts);
}

export const presenceCommands = [
  presence('exists', 'The page has the element, seen or not.', 'exists', (seen) => seen.total > 0),
  presence('not-exists', 'The page does not have the element.', 'not found', (seen) => seen.total === 0),
  presence('visible', 'The element can be seen.', 'visible', isVisible),
  presence('hidden', 'The element cannot be seen, or is not there.', 'hidden', (seen) => !isVisible(seen)),
  state('checked', 'The checkbox, radio button or switch is on.', 'Newsletter', (facts) => facts.checked),
  state('not-checked', 'The checkbox, radio button or switch is off.', 'Terms', (facts) => !facts.checked),
  state('selected', 'The option, tab or row is selected.', '#country option:first-child', (facts) => facts.selected),
  state(
    'not-selected',
    'The option, tab or row is not selected.',
    '#country option:last-child',
    (facts) => !facts.selected,
  ),
  state('enabled', 'The element takes input.', 'Email', (facts) => facts.enabled),
  state('disabled', 'The element takes no input.', 'Archive', (facts) => !facts.enabled),
];
