import type { Page } from 'playwright-core';
import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { choice, fields, integer, text } from './fields.ts';
import { textTest } from './text-test.ts';

/** A headless browser has no screen; this is the commonest one. */
const screen = { width: 1920, height: 1080 };

const sides = shape.keys({ width: shape.number('width'), height: shape.number('height') });

const resize = defineCommand({
  name: 'window.resize',
  summary: 'Sets the size of the viewport.',
  kind: 'action',
  fields: fields({
    width: integer('In pixels.', { minimum: 100, maximum: 7680 }),
    height: integer('In pixels.', { minimum: 100, maximum: 4320 }),
  }),
  examples: [{ command: 'window.resize', width: 800, height: 600 }],
  aliases: {
    compact: { window: shape.size },
    simplified: {
      window: [
        shape.size,
        shape.doing(['resize'], {
          ...shape.named(['size', 'to'], [shape.size, sides]),
          width: shape.number('width'),
          height: shape.number('height'),
        }),
      ],
    },
    sentences: ['resize [the] window|viewport|page to {width:number} x|by|× {height:number}'],
  },
  run: async (size, context) => {
    await context.page.setViewportSize(size);
    return undefined;
  },
});

const maximize = defineCommand({
  name: 'window.maximize',
  summary: `Sets the viewport to ${screen.width} × ${screen.height}.`,
  kind: 'action',
  fields: fields({}),
  examples: [{ command: 'window.maximize' }],
  aliases: {
    compact: { window: shape.words({ maximize: {} }) },
    simplified: { window: [shape.words({ maximize: {} }), shape.doing(['maximize'])] },
    sentences: ['maximize|maximise [the] window'],
  },
  run: async (_fields, context) => {
    await context.page.setViewportSize(screen);
    return undefined;
  },
});

const closeTab = defineCommand({
  name: 'window.close-tab',
  summary: 'Closes the tab; the one before it becomes active.',
  kind: 'action',
  fields: fields({}),
  examples: [{ command: 'window.close-tab' }],
  aliases: {
    simplified: { window: [shape.words({ close: {} }), shape.doing(['close', 'close-tab'])] },
    sentences: ['close [the] tab'],
  },
  run: async (_fields, context) => {
    const tabs = context.tabs.list();
    const at = tabs.indexOf(context.page);
    const next = tabs[at - 1] ?? tabs[at + 1];
    if (!next) {
      throw new StepError('refused', "the session's only tab cannot be closed", {
        hint: 'Open another one first (navigate.to with newTab), or leave the step out.',
      });
    }
    const closing = context.page;
    await context.tabs.activate(next);
    await closing.close();
    return undefined;
  },
});

interface TabChoice {
  direction?: 'next' | 'prev';
  index?: number;
  title?: string;
  url?: string;
}

async function chooseTab(context: StepContext, wanted: TabChoice): Promise<Page | undefined> {
  const tabs = context.tabs.list();
  const at = tabs.indexOf(context.page);
  if (wanted.index !== undefined) return tabs[wanted.index];
  if (wanted.direction !== undefined) {
    if (tabs.length < 2) return undefined;
    return tabs[(at + (wanted.direction === 'next' ? 1 : -1) + tabs.length) % tabs.length];
  }
  const test = textTest(wanted.title ?? wanted.url ?? '');
  for (const tab of tabs) {
    if (test(wanted.url === undefined ? await tab.title() : tab.url())) return tab;
  }
  return undefined;
}

const neighbours = shape.words({
  next: { direction: 'next' },
  prev: { direction: 'prev' },
  previous: { direction: 'prev' },
});

const switchTab = defineCommand({
  name: 'window.switch-tab',
  summary: 'Makes another tab the active one; waits for a tab that is about to open.',
  kind: 'action',
  fields: fields(
    {},
    {
      direction: choice('Its neighbour.', ['next', 'prev']),
      index: integer('Its position, from 0, in the order of opening.', { minimum: 0 }),
      title: text('Part of its title, or /a pattern/.', { minLength: 1 }),
      url: text('Part of its address, or /a pattern/.', { minLength: 1 }),
    },
    ['direction', 'index', 'title', 'url'],
  ),
  examples: [{ command: 'window.switch-tab', index: 0 }],
  aliases: {
    compact: { window: [neighbours, shape.number('index')] },
    simplified: {
      window: [
        neighbours,
        shape.number('index'),
        shape.doing(['switch'], {
          to: [neighbours, shape.number('index'), shape.text('title')],
          title: shape.text('title'),
          url: shape.text('url'),
        }),
      ],
    },
    sentences: [
      { says: 'switch to [the] next tab', fixed: { direction: 'next' } },
      { says: 'switch to [the] prev|previous tab', fixed: { direction: 'prev' } },
      'switch to [the] tab {title:quoted}',
    ],
  },
  run: async (wanted, context) => {
    let found: Page | undefined;
    const outcome = await context.poll(async () => {
      found = await chooseTab(context, wanted);
      return { passed: found !== undefined };
    });
    if (!outcome.passed || !found) {
      const open = await Promise.all(context.tabs.list().map(async (tab) => `"${await tab.title()}" ${tab.url()}`));
      throw new StepError('tab-not-found', `no tab fits ${JSON.stringify(wanted)}`, {
        hint: `Open tabs: ${open.join(', ')}.`,
      });
    }
    await context.tabs.activate(found);
    return undefined;
  },
});

export const windowCommands = [resize, maximize, closeTab, switchTab];
