import { defineCommand } from '../define/command.ts';
import { shownText } from '../engine/page-text.ts';
import { StepError } from '../engine/step-error.ts';
import type { Sighting } from '../engine/target.ts';
import * as shape from '../test-files/shapes.ts';
import { urlTest } from './assert-page.ts';
import { asPattern } from './comparisons.ts';
import { choice, fields, integer, pattern, target, text } from './fields.ts';

const longest = 60_000;
const timeoutMs = integer("Default: the test's config.timeout.", { minimum: 0, maximum: longest });
const states = ['visible', 'hidden', 'attached', 'detached'] as const;

const reached: Readonly<Record<(typeof states)[number], (seen: Sighting) => boolean>> = {
  visible: (seen) => seen.matches.some((match) => match.visible),
  hidden: (seen) => !seen.matches.some((match) => match.visible),
  attached: (seen) => seen.total > 0,
  detached: (seen) => seen.total === 0,
};

const element = defineCommand({
  name: 'wait.element',
  summary: 'Waits until the element is there, can be seen, or is gone.',
  kind: 'read',
  fields: fields({ target }, { state: choice('What to wait for.', states, 'visible'), timeoutMs }),
  examples: [{ command: 'wait.element', target: 'Welcome' }],
  aliases: {
    compact: {
      wait: [
        shape.target(),
        shape.keys({ for: shape.target(), max: shape.number('timeoutMs') }, { needs: ['target'] }),
        shape.keys(
          { gone: shape.target('target', { state: 'hidden' }), max: shape.number('timeoutMs') },
          { needs: ['target'] },
        ),
      ],
    },
    simplified: {
      wait: [
        shape.target(),
        shape.keys(
          {
            ...shape.named(['element', 'for', 'selector'], shape.target()),
            ...shape.named(['time', 'ms', 'milliseconds'], shape.number('timeoutMs')),
            state: shape.text('state'),
          },
          { needs: ['target'] },
        ),
      ],
    },
    sentences: [
      'wait for [the] {target}',
      'wait for {target} to appear',
      'wait for {target} to be visible|shown|displayed',
      { says: 'wait for {target} to disappear|vanish', fixed: { state: 'hidden' } },
      { says: 'wait for {target} to be gone|hidden', fixed: { state: 'hidden' } },
      'wait until {target} appears',
      'wait until {target} is visible',
      { says: 'wait until {target} disappears', fixed: { state: 'hidden' } },
      { says: 'wait until {target} is gone|hidden', fixed: { state: 'hidden' } },
    ],
  },
  run: async ({ target, state = 'visible' }, context) => {
    const { passed } = await context.poll(async () => ({ passed: reached[state](await context.look(target)) }));
    if (passed) return undefined;
    const seen = await context.look(target);
    throw new StepError('timeout', `the element did not become ${state} in time: ${asGiven(target)}`, {
      hint: seen.total > 0 ? 'The page has it, in another state.' : 'The page has no such element.',
    });
  },
});

const asGiven = (target: unknown): string => (typeof target === 'string' ? target : JSON.stringify(target));

const time = defineCommand({
  name: 'wait.time',
  summary: 'Waits so long.',
  kind: 'read',
  fields: fields({ durationMs: integer('In milliseconds.', { minimum: 0, maximum: longest }) }),
  examples: [{ command: 'wait.time', durationMs: 10 }],
  aliases: {
    compact: { wait: shape.number('durationMs') },
    simplified: {
      wait: [
        shape.number('durationMs'),
        shape.keys(shape.named(['time', 'ms', 'milliseconds'], shape.number('durationMs')), { needs: ['durationMs'] }),
      ],
    },
    sentences: ['wait|pause|sleep [for] {durationMs:ms}'],
  },
  lasts: ({ durationMs }) => durationMs,
  run: async ({ durationMs }, context) => {
    await context.sleep(durationMs);
    return undefined;
  },
});

const url = defineCommand({
  name: 'wait.url',
  summary: "Waits until the page's address is the value, or fits the pattern.",
  kind: 'read',
  fields: fields({}, { value: text('The whole address; a relative one joins the base URL.'), pattern }, [
    'value',
    'pattern',
  ]),
  examples: [{ command: 'wait.url', pattern: 'welcome' }],
  aliases: {
    sentences: [
      'wait until [the] url|address is {value}',
      'wait until [the] url|address matches {pattern}',
      'wait until [the] url|address contains {pattern:part}',
    ],
  },
  run: async (expected, context) => {
    const test = urlTest(context, expected);
    const { passed } = await context.poll(async () => ({ passed: test(context.page.url()) }));
    if (passed) return undefined;
    throw new StepError('timeout', `the address did not become ${expected.value ?? expected.pattern} in time`, {
      hint: `It is ${context.page.url()}.`,
    });
  },
});

const words = defineCommand({
  name: 'wait.text',
  summary: 'Waits until the page shows the text, or text that fits the pattern.',
  kind: 'read',
  fields: fields({}, { value: text('Part of the text that can be seen.', { minLength: 1 }), pattern }, [
    'value',
    'pattern',
  ]),
  examples: [{ command: 'wait.text', value: 'Welcome' }],
  aliases: { sentences: ['wait until [the] page shows|says {value}'] },
  run: async ({ value, pattern }, context) => {
    const test = pattern === undefined ? undefined : asPattern(pattern);
    const { passed } = await context.poll(async () => {
      const shown = await context.frame.evaluate<string>(bodyText);
      return { passed: test ? test.test(shown) : fold(shown).includes(fold(value ?? '')) };
    });
    if (passed) return undefined;
    throw new StepError('timeout', `the page did not show '${value ?? pattern}' in time`, {
      hint: 'Text counts as the page shows it: upper case by style is upper case.',
    });
  },
});

/** An expression: a function that is sent to the page cannot use another. */
const bodyText = `document.body ? (${shownText})(document.body) : ''`;

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** How long there must be no request for the network to be idle, as Playwright has it. */
const quietMs = 500;

const networkIdle = defineCommand({
  name: 'wait.network-idle',
  summary: 'Waits until no request has been under way for half a second.',
  kind: 'read',
  fields: fields({}, { timeoutMs }),
  examples: [{ command: 'wait.network-idle', timeoutMs: 5000 }],
  aliases: { sentences: ['wait for [the] network to be idle|quiet', 'wait until [the] network is idle|quiet'] },
  run: async (_fields, context) => {
    const { passed } = await context.poll(async () => ({ passed: context.networkQuietMs() >= quietMs }));
    if (passed) return undefined;
    throw new StepError('timeout', 'the page kept asking the network for something', {
      hint: 'Pages that poll or stream never come to rest: wait for an element or a text instead.',
    });
  },
});

export const waitCommands = [element, time, url, words, networkIdle];
