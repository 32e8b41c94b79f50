import type { Locator } from 'playwright-core';
import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { button, fields, number, target } from './fields.ts';

async function moveTo(context: StepContext, x: number, y: number): Promise<void> {
  await context.page.mouse.move(x, y);
  Object.assign(context.pointer, { x, y });
}

async function middleOf(
  locator: Locator,
  context: StepContext,
): Promise<{ x: number; y: number; height: number; width: number }> {
  await locator.scrollIntoViewIfNeeded({ timeout: context.left() });
  const box = await locator.boundingBox({ timeout: context.left() });
  if (!box) throw new StepError('not-actionable', 'the element has no place on the page', { hint: 'It is hidden.' });
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, height: box.height };
}

const moveToElement = defineCommand({
  name: 'mouse.move-to',
  summary: 'Moves the mouse to the middle of the element.',
  kind: 'action',
  fields: fields({ target }),
  examples: [{ command: 'mouse.move-to', target: '#canvas' }],
  aliases: {
    compact: {
      mouse: shape.doing(['move', 'move-to'], shape.named(shape.elementNames, shape.target()), { needs: ['target'] }),
    },
    simplified: {
      mouse: shape.doing(['move', 'move-to'], shape.named(shape.elementNames, shape.target()), { needs: ['target'] }),
    },
    sentences: ['move [the] mouse to|over [the] {target}'],
  },
  run: async ({ target }, context) => {
    const { locator } = await context.find(target, 'interact');
    const { x, y } = await middleOf(locator, context);
    await moveTo(context, x, y);
    return undefined;
  },
});

const enter = defineCommand({
  name: 'mouse.enter',
  summary: 'Moves the mouse into the element from outside, so that the page sees it enter.',
  kind: 'action',
  fields: fields({ target }),
  examples: [{ command: 'mouse.enter', target: 'Menu' }],
  aliases: {
    compact: { mouse: shape.doing(['enter'], shape.named(shape.elementNames, shape.target()), { needs: ['target'] }) },
    simplified: {
      mouse: shape.doing(['enter'], shape.named(shape.elementNames, shape.target()), { needs: ['target'] }),
    },
  },
  run: async ({ target }, context) => {
    const { locator } = await context.find(target, 'interact');
    const { x, y, width, height } = await middleOf(locator, context);
    await moveTo(context, x - width / 2 - 2, y - height / 2 - 2);
    await moveTo(context, x, y);
    return undefined;
  },
});

const move = defineCommand({
  name: 'mouse.move',
  summary: 'Moves the mouse to a point of the viewport.',
  kind: 'action',
  fields: fields({
    x: number('From the left, in pixels.', { minimum: 0 }),
    y: number('From the top, in pixels.', { minimum: 0 }),
  }),
  examples: [{ command: 'mouse.move', x: 20, y: 30 }],
  aliases: {
    compact: { mouse: shape.point },
    simplified: {
      mouse: [shape.point, shape.doing(['move', 'move-to'], { position: shape.place }, { needs: ['x', 'y'] })],
    },
  },
  run: async ({ x, y }, context) => {
    await moveTo(context, x, y);
    return undefined;
  },
});

const moveBy = defineCommand({
  name: 'mouse.move-by',
  summary: 'Moves the mouse from where it is.',
  kind: 'action',
  fields: fields({ x: number('To the right, in pixels.'), y: number('Down, in pixels.') }),
  examples: [{ command: 'mouse.move-by', x: 5, y: -5 }],
  aliases: { simplified: { mouse: shape.doing(['move', 'move-by'], { offset: shape.place }, { needs: ['x', 'y'] }) } },
  run: async ({ x, y }, context) => {
    await moveTo(context, context.pointer.x + x, context.pointer.y + y);
    return undefined;
  },
});

function press(verb: 'down' | 'up', summary: string) {
  return defineCommand({
    name: `mouse.${verb}`,
    summary,
    kind: 'action',
    fields: fields({}, { button, target }),
    examples: [{ command: `mouse.${verb}`, target: '#canvas' }],
    aliases: {
      compact: {
        mouse: [
          shape.words({ [verb]: {} }),
          shape.doing([verb], { target: shape.target(), button: shape.text('button') }),
        ],
      },
      simplified: {
        mouse: shape.doing([verb], {
          ...shape.named(shape.elementNames, shape.target()),
          button: shape.text('button'),
        }),
      },
    },
    run: async ({ button = 'left', target }, context) => {
      if (target !== undefined) {
        const { x, y } = await middleOf((await context.find(target, 'interact')).locator, context);
        await moveTo(context, x, y);
      }
      await context.page.mouse[verb]({ button });
      return undefined;
    },
  });
}

const wheel = defineCommand({
  name: 'mouse.wheel',
  summary: 'Turns the mouse wheel where the mouse is.',
  kind: 'action',
  fields: fields({ x: number('To the right, in pixels.'), y: number('Down, in pixels.') }),
  examples: [{ command: 'mouse.wheel', x: 0, y: 200 }],
  aliases: { simplified: { mouse: shape.doing(['wheel', 'scroll'], { offset: shape.place }, { needs: ['x', 'y'] }) } },
  run: async ({ x, y }, context) => {
    await context.page.mouse.wheel(x, y);
    return undefined;
  },
});

export const mouseCommands = [
  moveToElement,
  enter,
  move,
  moveBy,
  press('down', 'Presses a mouse button, on the element if there is one.'),
  press('up', 'Lets a mouse button go, on the element if there is one.'),
  wheel,
];
