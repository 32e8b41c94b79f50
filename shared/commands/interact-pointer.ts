import type { Locator } from 'playwright-core';
import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import type { Target } from '../engine/target.ts';
import * as shape from '../test-files/shapes.ts';
import { button, element, fields, integer, modifiers, type Position, position, target, text } from './fields.ts';
import { keyNames } from './keys.ts';

/** A point of the element for Playwright; undefined for its middle, which needs no look at the page. */
async function point(locator: Locator, position: Position = 'CENTER', context: StepContext) {
  if (position === 'CENTER') return undefined;
  const { width, height } = await locator.evaluate(
    (node) => {
      const box = node.getBoundingClientRect();
      return { width: node.clientWidth || box.width, height: node.clientHeight || box.height };
    },
    undefined,
    { timeout: context.left() },
  );
  const [row, column] = position.includes('_') ? position.split('_') : ['CENTER', 'CENTER'];
  const along = (size: number, start: string, end: string, at: string | undefined): number =>
    at === start ? Math.min(1, size / 2) : at === end ? Math.max(size - 2, size / 2) : size / 2;
  return { x: along(width, 'LEFT', 'RIGHT', column), y: along(height, 'TOP', 'BOTTOM', row) };
}

/** Options of a Playwright mouse action. */
async function aim(locator: Locator, at: Position | undefined, context: StepContext) {
  const position = await point(locator, at, context);
  return { ...(position ? { position } : {}), timeout: context.left() };
}

/** How commands are written that take an element and a position on it. */
const pointed = {
  compact: [shape.target(), shape.pair('target', shape.keys({ pos: shape.text('position') }))],
  simplified: [
    shape.target(),
    shape.keys({ ...shape.named(shape.elementNames, shape.target()), position: shape.text('position') }),
  ],
};

const click = defineCommand({
  name: 'interact.click',
  summary: 'Clicks the element.',
  kind: 'action',
  fields: fields(
    {},
    {
      target,
      variable: text('Name of a variable that holds the target.', { minLength: 1 }),
      position,
      button,
      modifiers,
    },
    ['target', 'variable'],
  ),
  examples: [
    { command: 'interact.click', target: 'Log in' },
    { command: 'interact.click', target: '#canvas', position: 'TOP_LEFT', button: 'right', modifiers: ['shift'] },
  ],
  aliases: {
    compact: {
      c: [
        shape.target(),
        shape.pair('target', shape.keys({ pos: shape.text('position'), var: shape.text('variable') })),
        shape.keys({ var: shape.text('variable'), pos: shape.text('position') }, { needs: ['variable'] }),
      ],
    },
    simplified: {
      click: [
        shape.target(),
        shape.keys({
          ...shape.named(shape.elementNames, shape.target()),
          variable: shape.text('variable'),
          position: shape.text('position'),
          button: shape.text('button'),
          modifiers: shape.anything('modifiers'),
        }),
      ],
    },
    sentences: ['click|press|tap|push [on] {target}'],
  },
  run: async ({ target, variable, position, button = 'left', modifiers = [] }, context) => {
    const { locator } = await context.find(target ?? targetIn(variable ?? '', context), 'interact');
    await locator.click({ ...(await aim(locator, position, context)), button, modifiers: keyNames(modifiers) });
    return undefined;
  },
});

function targetIn(variable: string, context: StepContext): Target {
  const name = variable.replace(/^\$/, '');
  const held = context.variables.get(name);
  if (typeof held === 'string' && held !== '') return held;
  throw new StepError('invalid-value', `the variable '${name}' holds no target but ${JSON.stringify(held)}`, {
    hint: 'Store a selector or visible words in it.',
  });
}

const doubleClick = defineCommand({
  name: 'interact.double-click',
  summary: 'Clicks the element twice.',
  kind: 'action',
  fields: fields({ target }, { position }),
  examples: [{ command: 'interact.double-click', target: '#canvas' }],
  aliases: {
    compact: { dblclick: pointed.compact },
    simplified: shape.named(['double-click', 'doubleClick'], pointed.simplified),
    sentences: ['double-click|doubleclick [on] {target}', 'double click [on] {target}'],
  },
  run: async ({ target, position }, context) => {
    const { locator } = await context.find(target, 'interact');
    await locator.dblclick(await aim(locator, position, context));
    return undefined;
  },
});

const rightClick = defineCommand({
  name: 'interact.right-click',
  summary: 'Clicks the element with the right mouse button.',
  kind: 'action',
  fields: fields({ target }, { position }),
  examples: [{ command: 'interact.right-click', target: '#canvas' }],
  aliases: {
    compact: { rightclick: pointed.compact },
    simplified: shape.named(['right-click', 'rightClick'], pointed.simplified),
    sentences: ['right-click|rightclick [on] {target}', 'right click [on] {target}'],
  },
  run: async ({ target, position }, context) => {
    const { locator } = await context.find(target, 'interact');
    await locator.click({ ...(await aim(locator, position, context)), button: 'right' });
    return undefined;
  },
});

const hover = defineCommand({
  name: 'interact.hover',
  summary: 'Moves the mouse over the element, and stays there.',
  kind: 'action',
  fields: fields(
    { target },
    { position, durationMs: integer('How long to stay, in ms.', { minimum: 0, maximum: 60_000, default: 0 }) },
  ),
  examples: [{ command: 'interact.hover', target: 'Menu', durationMs: 50 }],
  aliases: {
    compact: shape.named(['h', 'hover'], pointed.compact),
    simplified: {
      hover: [
        shape.target(),
        shape.keys({
          ...shape.named(shape.elementNames, shape.target()),
          position: shape.text('position'),
          ...shape.named(['duration', 'ms'], shape.number('durationMs')),
        }),
      ],
    },
    sentences: ['hover [over|on] {target}'],
  },
  lasts: ({ durationMs = 0 }) => durationMs,
  run: async ({ target, position, durationMs = 0 }, context) => {
    const { locator } = await context.find(target, 'interact');
    await locator.hover(await aim(locator, position, context));
    await context.sleep(durationMs);
    return undefined;
  },
});

/** A page that follows the pointer begins to drag with one movement, and sees with later ones where it is. */
const DRAG_STEPS = 10;

const drag = defineCommand({
  name: 'interact.drag',
  summary: 'Drags the element and drops it on another.',
  kind: 'action',
  fields: fields({ target, to: element('Where to drop it.') }),
  examples: [{ command: 'interact.drag', target: '#card', to: '#bin' }],
  aliases: {
    simplified: {
      drag: shape.keys({ ...shape.named([...shape.elementNames, 'from'], shape.target()), to: shape.target('to') }),
    },
    sentences: ['drag {target} to|onto {to}'],
  },
  run: async ({ target, to }, context) => {
    const { locator } = await context.find(target, 'interact');
    const goal = await context.find(to, 'read');
    await locator.dragTo(goal.locator, { timeout: context.left(), steps: DRAG_STEPS });
    return undefined;
  },
});

export const pointerCommands = [click, doubleClick, rightClick, hover, drag];
