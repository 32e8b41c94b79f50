import { defineCommand, type StepOutcome } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { anything, fields, target, text, variableName } from './fields.ts';

const variable = variableName;

function keep(context: StepContext, name: string, value: unknown): StepOutcome {
  context.variables.set(name.replace(/^\$/, ''), value);
  return { value };
}

/** `store: {type: …}` of the simplified form. */
function kept(given: Readonly<Record<string, shape.Shape>>, ...types: readonly string[]): shape.Shape {
  const variable = shape.named(['as', 'variable', 'in'], shape.text('variable'));
  return shape.keys({ ...given, ...variable }, { when: { names: ['type'], values: types } });
}

const fromElement = shape.named([...shape.elementNames, 'from'], shape.target());

const storeText = defineCommand({
  name: 'data.store-text',
  summary: "Stores the element's text in a variable.",
  kind: 'read',
  fields: fields({ target, variable }),
  examples: [{ command: 'data.store-text', target: 'h1', variable: 'heading' }],
  aliases: {
    compact: { store: shape.pair('target', shape.text('variable')) },
    simplified: { store: kept({ ...fromElement }, 'element-text', 'text') },
    sentences: [
      'store|save|remember [the] text of {target} as|in {variable:variable}',
      'store|save|remember {target} as {variable:variable}',
    ],
  },
  run: async ({ target, variable }, context) =>
    keep(context, variable, (await context.find(target, 'read')).facts.text),
});

const storeValue = defineCommand({
  name: 'data.store-value',
  summary: "Stores the field's value in a variable.",
  kind: 'read',
  fields: fields({ target, variable }),
  examples: [{ command: 'data.store-value', target: 'Email', variable: 'email' }],
  aliases: {
    simplified: { store: kept({ ...fromElement }, 'element-value', 'value') },
    sentences: ['store|save|remember [the] value of {target} as|in {variable:variable}'],
  },
  run: async ({ target, variable }, context) => {
    const { facts } = await context.find(target, 'read');
    if (facts.value !== null) return keep(context, variable, facts.value);
    throw new StepError('invalid-value', `${facts.description} has no value`, {
      hint: 'Use data.store-text for its text.',
    });
  },
});

const storeAttribute = defineCommand({
  name: 'data.store-attribute',
  summary: 'Stores an attribute of the element in a variable.',
  kind: 'read',
  fields: fields({ target, attribute: text('Name of the attribute.', { minLength: 1 }), variable }),
  examples: [{ command: 'data.store-attribute', target: 'Help', attribute: 'href', variable: 'help' }],
  aliases: {
    simplified: {
      store: kept(
        { ...fromElement, ...shape.named(['attribute', 'attr'], shape.text('attribute')) },
        'attribute',
        'element-attribute',
      ),
    },
  },
  run: async ({ target, attribute, variable }, context) => {
    const { facts } = await context.find(target, 'read', attribute);
    if (facts.attribute !== null) return keep(context, variable, facts.attribute);
    throw new StepError('invalid-value', `${facts.description} has no attribute '${attribute}'`, {
      hint: 'Check the name of the attribute in the page.',
    });
  },
});

const storeLiteral = defineCommand({
  name: 'data.store-literal',
  summary: 'Stores a value in a variable.',
  kind: 'note',
  fields: fields({ value: anything('What to store.'), variable }),
  examples: [{ command: 'data.store-literal', value: 'ada', variable: 'user' }],
  aliases: { simplified: { store: kept({ value: shape.anything('value') }, 'literal') } },
  run: async ({ value, variable }, context) => keep(context, variable, value),
});

const storeUrl = defineCommand({
  name: 'data.store-url',
  summary: "Stores the page's address in a variable.",
  kind: 'read',
  fields: fields({ variable }),
  examples: [{ command: 'data.store-url', variable: 'address' }],
  aliases: {
    simplified: { store: kept({}, 'url') },
    sentences: ['store|save|remember [the] url|address as|in {variable:variable}'],
  },
  run: async ({ variable }, context) => keep(context, variable, context.page.url()),
});

const storeTitle = defineCommand({
  name: 'data.store-title',
  summary: "Stores the page's title in a variable.",
  kind: 'read',
  fields: fields({ variable }),
  examples: [{ command: 'data.store-title', variable: 'title' }],
  aliases: {
    simplified: { store: kept({}, 'title') },
    sentences: ['store|save|remember [the] title as|in {variable:variable}'],
  },
  run: async ({ variable }, context) => keep(context, variable, await context.page.title()),
});

const storeCount = defineCommand({
  name: 'data.store-count',
  summary: 'Stores how many elements fit the target, as the page is now.',
  kind: 'read',
  fields: fields({ target, variable }),
  examples: [{ command: 'data.store-count', target: 'css=li.item', variable: 'items' }],
  aliases: { simplified: { store: kept({ ...fromElement }, 'count') } },
  run: async ({ target, variable }, context) => keep(context, variable, (await context.look(target)).total),
});

export const dataCommands = [storeText, storeValue, storeAttribute, storeLiteral, storeUrl, storeTitle, storeCount];
