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
    sentences: ['pick|select|choose [the] [option] {option} from|in [the] {target}'],
  },
  run: async ({ target, option, index, last }, context) => {
    const { locator, facts } = await context.find(target, 'list');
    if (last === false)
      throw new StepError('invalid-value', 'last: false chooses nothing', { hint: 'Give option or index.' });
    let options: OptionNames[] | undefined;
    const { passed } = await context.poll(async () => {
      const seen = options;
      options = await locator.evaluate(optionNames, undefined, { timeout: context.left() }).catch((error: Error) => {
        // The last look may run out of time: what was seen before it still tells what there is.
        if (seen) return seen;
        throw error;
      });
      return { passed: !options || has(options, option, index) };
    });
    if (!options) {
      throw new StepError('not-actionable', `${facts.description} is not a <select>`, {
        hint: 'Open it with interact.click, then click the option.',
      });
    }
    if (!passed) {
      throw new StepError('element-not-found', `the select has no option ${option ?? `number ${index ?? 0}`}`, {
        hint: `Its options: ${options
          .slice(0, 20)
          .map(({ label }) => label)
          .join(', ')}.`,
      });
    }
    await locator.selectOption(option ?? { index: index ?? options.length - 1 }, { timeout: context.left() });
    return undefined;
  },
});

interface OptionNames {
  readonly label: string;
  readonly value: string;
}

/** Runs in the page: the options of a select (or of the one that a label is for); undefined for any other element. */
function optionNames(node: Element): OptionNames[] | undefined {
  const field = node instanceof HTMLLabelElement ? node.control : node;
  if (!(field instanceof HTMLSelectElement)) return undefined;
  return [...field.options].map(({ label, value }) => ({ label: label.replace(/\s+/g, ' ').trim(), value }));
}

/** Options may come later than their select: the step waits for the one it wants. */
function has(options: readonly OptionNames[], option: string | undefined, index: number | undefined): boolean {
  if (option === undefined) return options.length > (index ?? 0);
  return options.some(({ label, value }) => label === option || value === option);
}

const focus = defineCommand({
  name: 'interact.focus',
  summary: 'Gives the element the focus.',
  kind: 'action',
  fields: fields({ target }),
  examples: [{ command: 'interact.focus', target: 'Email' }],
  aliases: { sentences: ['focus [on] {target}'] },
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
