import { defineCommand } from '../define/command.ts';
import type { ElementFacts } from '../engine/target.ts';
import { pollElement } from './assert-presence.ts';
import { asNumber, asText, compare, type Operator, operators } from './comparisons.ts';
import { anything, choice, fields, number, pattern, scalar, target, text, variableName } from './fields.ts';

/** A field's value, else the element's text. */
const shown = (facts: ElementFacts): string => facts.value ?? facts.text;

/** A select is known by its value and by the label of its chosen option: either may be meant. */
function holds(facts: ElementFacts, operator: Operator, expected: unknown): { passed: boolean; actual: string } {
  const actual = shown(facts);
  const passed = compare(actual, operator, expected);
  if (facts.chosen === null || facts.chosen === actual) return { passed, actual };
  const negative = operator.startsWith('not-');
  const byLabel = compare(facts.chosen, operator, expected);
  return {
    passed: negative ? passed && byLabel : passed || byLabel,
    actual: passed && !negative ? actual : facts.chosen,
  };
}

function comparison(operator: Operator, summary: string, example: { target: string; value: string }) {
  return defineCommand({
    name: `assert.${operator}`,
    summary,
    kind: 'assertion',
    fields: fields({ target, value: scalar('What to compare with.') }),
    examples: [{ command: `assert.${operator}`, ...example }],
    run: ({ target, value }, context) =>
      pollElement(context, target, (facts) => ({ expected: value, ...holds(facts, operator, value) })),
  });
}

const words = { gt: 'greater than', gte: 'at least', lt: 'less than', lte: 'at most' } as const;

function numeric(operator: keyof typeof words, example: number) {
  return defineCommand({
    name: `assert.${operator}`,
    summary: `The number that the element shows is ${words[operator]} the value.`,
    kind: 'assertion',
    fields: fields({ target, value: number('What to compare with.') }),
    examples: [{ command: `assert.${operator}`, target: '#total', value: example }],
    run: ({ target, value }, context) =>
      pollElement(context, target, (facts) => {
        const actual = asNumber(shown(facts));
        return { passed: compare(actual, operator, value), expected: `${words[operator]} ${value}`, actual };
      }),
  });
}

const matches = defineCommand({
  name: 'assert.matches',
  summary: "The element's value or text fits the regular expression.",
  kind: 'assertion',
  fields: fields({ target, pattern }),
  examples: [{ command: 'assert.matches', target: '#total', pattern: '^\\$[\\d,.]+$' }],
  run: ({ target, pattern }, context) =>
    pollElement(context, target, (facts) => ({ expected: pattern, ...holds(facts, 'matches', pattern) })),
});

const attribute = defineCommand({
  name: 'assert.attribute',
  summary: "The element's attribute has the value.",
  kind: 'assertion',
  fields: fields({ target, attribute: text('Name of the attribute.', { minLength: 1 }), value: scalar('Its value.') }),
  examples: [{ command: 'assert.attribute', target: 'Help', attribute: 'href', value: '/help' }],
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
