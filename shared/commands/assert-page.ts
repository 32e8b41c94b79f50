import type { Operator } from '../../schemas/condition.ts';
import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import * as shape from '../test-files/shapes.ts';
import { assertedElement, asserting } from './assert-aliases.ts';
import { asPattern, compare } from './comparisons.ts';
import { choice, fields, integer, pattern, target, text } from './fields.ts';

/** What a page's address is compared with: a whole URL (relative ones join the base URL) or a pattern. */
export function urlTest(
  context: StepContext,
  expected: { value?: string; pattern?: string },
): (url: string) => boolean {
  if (expected.pattern !== undefined) {
    const pattern = asPattern(expected.pattern);
    return (url) => pattern.test(url);
  }
  const wanted = context.url(expected.value ?? '');
  return (url) => url === wanted;
}

const url = defineCommand({
  name: 'assert.url',
  summary: "The page's address is the value, or fits the pattern.",
  kind: 'assertion',
  fields: fields({}, { value: text('The whole address; a relative one joins the base URL.'), pattern }, [
    'value',
    'pattern',
  ]),
  examples: [{ command: 'assert.url', pattern: '/welcome' }],
  aliases: {
    compact: { url: [shape.text('value'), shape.keys({ value: shape.text('value'), pattern: shape.text('pattern') })] },
    simplified: { assert: asserting({ value: shape.text('value'), pattern: shape.text('pattern') }, 'url') },
    sentences: shape.claims(
      '[the] url|address is|equals {value}',
      '[the] url|address matches {pattern}',
      '[the] url|address contains {pattern:part}',
    ),
  },
  run: (expected, context) => {
    const test = urlTest(context, expected);
    return context.poll(async () => {
      const actual = context.page.url();
      return { passed: test(actual), expected: expected.pattern ?? expected.value, actual };
    });
  },
});

const title = defineCommand({
  name: 'assert.title',
  summary: "The page's title is the value, or fits the pattern.",
  kind: 'assertion',
  fields: fields({}, { value: text('The whole title.'), pattern }, ['value', 'pattern']),
  examples: [{ command: 'assert.title', value: 'Example shop' }],
  aliases: {
    compact: {
      title: [shape.text('value'), shape.keys({ value: shape.text('value'), pattern: shape.text('pattern') })],
    },
    simplified: { assert: asserting({ value: shape.text('value'), pattern: shape.text('pattern') }, 'title') },
    sentences: shape.claims(
      '[the] title is|equals {value}',
      '[the] title matches {pattern}',
      '[the] title contains {pattern:part}',
    ),
  },
  run: (expected, context) =>
    context.poll(async () => {
      const actual = await context.page.title();
      const wanted = expected.pattern ?? expected.value;
      return {
        passed: compare(actual, expected.pattern === undefined ? 'equals' : 'matches', wanted),
        expected: wanted,
        actual,
      };
    }),
});

const counting = ['equals', 'not-equals', 'gt', 'gte', 'lt', 'lte'] as const satisfies readonly Operator[];

const count = defineCommand({
  name: 'assert.count',
  summary: 'So many elements fit the target.',
  kind: 'assertion',
  fields: fields(
    { target, value: integer('How many.', { minimum: 0 }) },
    { operator: choice('How to compare.', counting, 'equals') },
  ),
  examples: [{ command: 'assert.count', target: 'css=li.item', value: 3 }],
  aliases: {
    simplified: {
      assert: asserting(
        { ...assertedElement, value: shape.number('value'), operator: shape.text('operator') },
        'count',
      ),
    },
  },
  run: ({ target, value, operator = 'equals' }, context) =>
    context.poll(async () => {
      const actual = (await context.look(target)).total;
      return {
        passed: compare(actual, operator, value),
        expected: operator === 'equals' ? value : `${operator} ${value}`,
        actual,
      };
    }),
});

export const pageAssertions = [url, title, count];
