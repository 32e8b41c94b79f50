import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import { asPattern, compare, type operators } from './comparisons.ts';
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

const counting = [
  'equals',
  'not-equals',
  'gt',
  'gte',
  'lt',
  'lte',
] as const satisfies readonly (typeof operators)[number][];

const count = defineCommand({
  name: 'assert.count',
  summary: 'So many elements fit the target.',
  kind: 'assertion',
  fields: fields(
    { target, value: integer('How many.', { minimum: 0 }) },
    { operator: choice('How to compare.', counting, 'equals') },
  ),
  examples: [{ command: 'assert.count', target: 'css=li.item', value: 3 }],
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
