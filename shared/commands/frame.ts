import type { Frame } from 'playwright-core';
import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { element, fields, integer, text } from './fields.ts';

const switchFrame = defineCommand({
  name: 'window.switch-frame',
  summary: 'Looks for elements in a frame of the page from now on.',
  kind: 'action',
  fields: fields(
    {},
    {
      target: element('The iframe element.'),
      index: integer('Its position among the frames of the present one, from 0.', { minimum: 0 }),
      name: text("The frame's name or id.", { minLength: 1 }),
    },
    ['target', 'index', 'name'],
  ),
  examples: [{ command: 'window.switch-frame', name: 'details' }],
  aliases: {
    compact: { frame: [shape.target(), shape.number('index')] },
    sentences: ['switch to [the] frame|iframe {target}'],
    simplified: { window: shape.doing(['switch'], { iframe: [shape.target(), shape.number('index')] }) },
  },
  run: async ({ target, index, name }, context) => {
    if (target !== undefined) {
      context.enterFrame(await frameOf(target, context));
      return undefined;
    }
    let found: Frame | undefined;
    await context.poll(async () => {
      found = index === undefined ? await named(name ?? '', context) : context.frame.childFrames()[index];
      return { passed: found !== undefined };
    });
    if (!found) throw missing(index === undefined ? `named '${name}'` : `number ${index}`, context);
    context.enterFrame(found);
    return undefined;
  },
});

async function frameOf(target: Parameters<StepContext['find']>[0], context: StepContext): Promise<Frame> {
  const { locator, facts } = await context.find(target, 'read');
  const handle = await locator.elementHandle({ timeout: context.left() });
  const frame = await handle.contentFrame();
  await handle.dispose();
  if (frame) return frame;
  throw new StepError('frame-not-found', `${facts.description} is not a frame`, {
    hint: 'Point the target at the iframe itself.',
  });
}

async function named(name: string, context: StepContext): Promise<Frame | undefined> {
  for (const frame of context.frame.childFrames()) {
    if (frame.name() === name) return frame;
    const owner = await frame.frameElement();
    const id = await owner.getAttribute('id');
    await owner.dispose();
    if (id === name) return frame;
  }
  return undefined;
}

function missing(wanted: string, context: StepContext): StepError {
  const frames = context.frame
    .childFrames()
    .map((frame, at) => `${at} ${frame.name() ? `'${frame.name()}' ` : ''}${frame.url()}`);
  return new StepError('frame-not-found', `there is no frame ${wanted}`, {
    hint: frames.length === 0 ? 'There are no frames here.' : `The frames here: ${frames.join(', ')}.`,
  });
}

const switchParent = defineCommand({
  name: 'window.switch-parent-frame',
  summary: 'Looks for elements in the frame around the present one from now on.',
  kind: 'action',
  fields: fields({}),
  examples: [{ command: 'window.switch-parent-frame' }],
  aliases: {
    compact: { frame: shape.words({ parent: {} }) },
    sentences: ['switch to [the] parent frame'],
    simplified: { window: shape.doing(['switch'], { parent: shape.words({ true: {} }) }) },
  },
  run: async (_fields, context) => {
    context.enterFrame(context.frame.parentFrame() ?? context.page.mainFrame());
    return undefined;
  },
});

const switchMain = defineCommand({
  name: 'window.switch-main-frame',
  summary: 'Looks for elements in the page itself from now on.',
  kind: 'action',
  fields: fields({}),
  examples: [{ command: 'window.switch-main-frame' }],
  aliases: {
    compact: { frame: shape.words({ main: {} }) },
    sentences: ['switch to [the] main frame|page'],
    simplified: { window: shape.doing(['switch'], { main: shape.words({ true: {} }) }) },
  },
  run: async (_fields, context) => {
    context.enterFrame(context.page.mainFrame());
    return undefined;
  },
});

export const frameCommands = [switchFrame, switchParent, switchMain];
