import { type Operator, operators } from '../../schemas/condition.ts';
import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import type { ElementFacts } from '../engine/target.ts';
import * as shape from '../test-files/shapes.ts';
import { assertedElement, asserting, expected, variableIs } from './assert-aliases.ts';
import { pollElement } from './assert-presence.ts';
import { asNumber, asText, compare } from './comparisons.ts';
import { anything, choice, fields, number, pattern, scalar, target, text, variableName } from './fields.ts';

/** A field's value, else the element's text. */
const shown = (facts: ElementFacts): string => facts.value ?? facts.text;

/** An element's text has its white space folded: so must the words have with which it is compared. */
const folded = (operator: Operator, expected: unknown): unknown =>
  typeof expected === 'string' && operator !== 'matches' ? expected.replace(/\s+/g, ' ').trim() : expected;

/** A select is known by its value and by the label of its chosen option: either may be meant. */
function holds(facts: ElementFacts, operator: Operator, expected: unknown): { passed: boolean; actual: string } {
  const actual = shown(facts);
  const passed = compare(actual, operator, facts.value === null ? folded(operator, expected) : expected);
  if (facts.chosen === null || facts.chosen === actual) return { passed, actual };
  const negative = operator.startsWith('not-');
  const byLabel = compare(facts.chosen, operator, folded(operator, expected));
  return {
    passed: negative ? passed && byLabel : passed || byLabel,
    actual: passed && !negative ? actual : facts.chosen,
  };
}

const shortNames: Partial<Record<Operator, string>> = {
  equals: 'eq',
  'not-equals': 'neq',
  'not-contains': 'ncontains',
};
const verbs: Partial<Record<Operator, string>> = { 'not-equals': 'does not equal', 'not-contains': 'does not contain' };

function comparison(operator: Operator, summary: string, example: { target: string; value: string }) {
  return defineCommand({
    name: `assert.${operator}`,
    summary,
    kind: 'assertion',
    fields: fields({ target, value: scalar('What to compare with.') }),
    examples: [{ command: `assert.${operator}`, ...example }],
    aliases: {
      compact: { [shortNames[operator] ?? operator]: shape.pair('target', shape.anything('value')) },
      simplified: { assert: asserting({ ...assertedElement, ...expected }, operator) },
      sentences: shape.claims(
        `{target} ${verbs[operator] ?? operator} {value}`,
        ...(operator === 'equals' ? ['{target} is {value:quoted}'] : []),
      ),
    },
    run: ({ target, value }, context) =>
      pollElement(context, target, (facts) => ({ expected: value, ...holds(facts, operator, value) })),
  });
}

const words = { gt: 'greater than', gte: 'at least', lt: 'less than', lte: 'at most' } as const;

/** The number that an element shows, or its text while a number may still come. @throws StepError when none has come. */
function numberShown(facts: ElementFacts, context: StepContext): number | string {
  try {
    return asNumber(shown(facts));
  } catch (error) {
    if (context.left() <= 1) throw error;
    return shown(facts);
  }
}

function numeric(operator: keyof typeof words, example: number) {
  return defineCommand({
    name: `assert.${operator}`,
    summary: `The number that the element shows is ${words[operator]} the value.`,
    kind: 'assertion',
    fields: fields({ target, value: number('What to compare with.') }),
    examples: [{ command: `assert.${operator}`, target: '#total', value: example }],
    aliases: {
      compact: { [operator]: shape.pair('target', shape.number('value')) },
      simplified: {
        assert: asserting(
          { ...assertedElement, value: shape.number('value'), variable: shape.reference('value') },
          operator,
        ),
      },
      sentences: shape.claims(`{target} is ${words[operator]} {value:number}`),
    },
    run: ({ target, value }, context) =>
      pollElement(context, target, (facts) => {
        const actual = numberShown(facts, context);
        const passed = typeof actual === 'number' && compare(actual, operator, value);
        return { passed, expected: `${words[operator]} ${value}`, actual };
      }),
  });
}

const matches = defineCommand({
  name: 'assert.matches',
  summary: "The element's value or text fits the regular expression.",
  kind: 'assertion',
  fields: fields({ target, pattern }),
  examples: [{ command: 'assert.matches', target: '#total', pattern: '^\\$[\\d,.]+$' }],
  aliases: {
    compact: { matches: shape.pair('target', shape.text('pattern')) },
    simplified: {
      assert: asserting({ ...assertedElement, ...shape.named(['pattern', 'value'], shape.text('pattern')) }, 'matches'),
    },
    sentences: shape.claims('{target} matches {pattern}'),
  },
  run: ({ target, pattern }, context) =>
    pollElement(context, target, (facts) => ({ expected: pattern, ...holds(facts, 'matches', pattern) })),
});

const attribute = defineCommand({
  name: 'assert.attribute',
  summary: "The element's attribute has the value.",
  kind: 'assertion',
  fields: fields({ target, attribute: text('Name of the attribute.', { minLength: 1 }), value: scalar('Its value.') }),
  examples: [{ command: 'assert.attribute', target: 'Help', attribute: 'href', value: '/help' }],
  aliases: {
    simplified: {
      assert: asserting(
        { ...assertedElement, ...shape.named(['attribute', 'attr'], shape.text('attribute')), ...expected },
        'attribute',
      ),
    },
  },
  run: ({ target, attribute, value }, context) =>
    pollElement(
      context,
      target,
      (facts) => ({ passed: facts.attribute === asText(value), expected: value, actual: facts.attribute }),
      attribute,
    ),
});

const variable = defineCommand({
  name: 'assert.variable',
  summary: 'A variable compares with the value as the operator says.',
  kind: 'assertion',
  fields: fields(
    { name: variableName, value: anything('What to compare with.') },
    { operator: choice('How to compare.', operators, 'equals') },
  ),
  examples: [{ command: 'assert.variable', name: 'user', value: 'ada' }],
  aliases: {
    simplified: {
      assert: [variableIs('variable'), ...operators.map((operator) => variableIs(operator, { operator }))],
    },
  },
  run: async ({ name, value, operator = 'equals' }, context) => {
    const actual = context.variables.get(name);
    return { passed: compare(actual, operator, value), expected: value, actual };
  },
});

export const valueCommands = [
  comparison('equals', "The element's value or text is the value.", { target: 'Email', value: 'ada@example.com' }),
  comparison('not-equals', "The element's value or text is not the value.", {
    target: 'Email',
    value: 'bob@example.com',
  }),
  comparison('contains', "The element's value or text contains the value.", { target: 'h1', value: 'Welcome' }),
  comparison('not-contains', "The element's value or text does not contain the value.", {
    target: 'h1',
    value: 'Error',
  }),
  numeric('gt', 1000),
  numeric('gte', 1234.5),
  numeric('lt', 2000),
  numeric('lte', 1234.5),
  matches,
  attribute,
  variable,
];
