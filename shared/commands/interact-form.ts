import { defineCommand } from '../define/command.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { fields, flag, integer, target, text } from './fields.ts';

const check = defineCommand({
  name: 'interact.check',
  summary: 'Switches the checkbox or radio button on.',
  kind: 'action',
  fields: fields({ target }),
  examples: [{ command: 'interact.check', target: 'Terms' }],
  aliases: { compact: { tick: shape.target() }, sentences: ['tick {target}'] },
  run: async ({ target }, context) => {
    const { locator } = await context.find(target, 'choice');
    await locator.check({ timeout: context.left() });
    return undefined;
  },
});

const uncheck = defineCommand({
  name: 'interact.uncheck',
  summary: 'Switches the checkbox off.',
  kind: 'action',
  fields: fields({ target }),
  examples: [{ command: 'interact.uncheck', target: 'Newsletter' }],
  aliases: { compact: { untick: shape.target() }, sentences: ['untick|uncheck {target}'] },
  run: async ({ target }, context) => {
    const { locator } = await context.find(target, 'choice');
    await locator.uncheck({ timeout: context.left() });
    return undefined;
  },
});

const select = defineCommand({
  name: 'interact.select',
  summary: 'Chooses an option of a select by value or text, by index, or the last one.',
  kind: 'action',
  fields: fields(
    { target },
    {
      option: text("The option's value or text."),
      index: integer('Its position, from 0.', { minimum: 0 }),
      last: flag('Chooses the last option.', false),
    },
    ['option', 'index', 'last'],
  ),
  examples: [
    { command: 'interact.select', target: 'Country', option: 'Norway' },
    { command: 'interact.select', target: 'Country', index: 0 },
    { command: 'interact.select', target: 'Country', last: true },
  ],
  aliases: {
    compact: { select: [shape.pair('target', shape.text('option')), shape.pair('target', shape.number('index'))] },
    simplified: {
      select: shape.keys({
        ...shape.named([...shape.elementNames, 'from'], shape.target()),
        ...shape.named(['option', 'value', 'text'], shape.text('option')),
        index: shape.number('index'),
        last: shape.anything('last'),
      }),
    },
    sentences: ['pick|select|choose {option} from|in {target}'],
  },
  run: async ({ target, option, index, last }, context) => {
    const { locator, facts } = await context.find(target, 'list');
    const options = await locator.evaluate(
      (node) => (node instanceof HTMLSelectElement ? [...node.options].map((entry) => entry.label) : undefined),
      undefined,
      { timeout: context.left() },
    );
    if (!options) {
      throw new StepError('not-actionable', `${facts.description} is not a <select>`, {
        hint: 'Open it with interact.click, then click the option.',
      });
    }
    if (last === false)
      throw new StepError('invalid-value', 'last: false chooses nothing', { hint: 'Give option or index.' });
    const wanted = option ?? { index: index ?? options.length - 1 };
    await locator.selectOption(wanted, { timeout: context.left() }).catch((error: Error) => {
      if (!/did not find some options|Timeout/.test(error.message)) throw error;
      throw new StepError('element-not-found', `the select has no option ${option ?? `number ${index}`}`, {
        hint: `Its options: ${options.slice(0, 20).join(', ')}.`,
        cause: error,
      });
    });
    return undefined;
  },
});

const focus = defineCommand({
  name: 'interact.focus',
  summary: 'Gives the element the focus.',
  kind: 'action',
  fields: fields({ target }),
  examples: [{ command: 'interact.focus', target: 'Email' }],
  run: async ({ target }, context) => {
    const { locator } = await context.find(target, 'interact');
    await locator.focus({ timeout: context.left() });
    return undefined;
  },
});

const blur = defineCommand({
  name: 'interact.blur',
  summary: 'Takes the focus from the element.',
  kind: 'action',
  fields: fields({ target }),
  examples: [{ command: 'interact.blur', target: 'Email' }],
  run: async ({ target }, context) => {
    const { locator } = await context.find(target, 'interact');
    await locator.blur({ timeout: context.left() });
    return undefined;
  },
});

export const formCommands = [check, uncheck, select, focus, blur];
