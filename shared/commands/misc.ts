import { defineCommand } from '../define/command.ts';
import { runScript } from '../engine/page-script.ts';
import * as shape from '../test-files/shapes.ts';
import { anything, fields, flag, target, text } from './fields.ts';

const comment = defineCommand({
  name: 'misc.comment',
  summary: 'Says something to whoever reads the test.',
  kind: 'note',
  fields: fields({ text: text('What to say.') }),
  examples: [{ command: 'misc.comment', text: 'the shop as a guest sees it' }],
  aliases: {
    compact: { note: shape.text('text') },
    simplified: { comment: shape.text('text') },
    sentences: ['note|comment {text}'],
  },
  run: async () => undefined,
});

const log = defineCommand({
  name: 'misc.log',
  summary: 'Writes a line, with its variables filled in, into the record.',
  kind: 'note',
  fields: fields({ text: text('The line.') }),
  examples: [{ command: 'misc.log', text: 'user is {{user}}' }],
  aliases: {
    compact: { log: shape.text('text') },
    simplified: { log: shape.text('text') },
    sentences: ['log {text}'],
  },
  run: async ({ text }) => ({ value: text }),
});

const execute = defineCommand({
  name: 'misc.execute',
  summary: 'Runs a script in the page: the body of an async function that sees `args`.',
  kind: 'action',
  fields: fields(
    { script: text('The body of the function; what it returns must be JSON.', { minLength: 1 }) },
    {
      args: anything('What the script sees as args: JSON.'),
      variable: text('Stores the returned value.', { minLength: 1 }),
    },
  ),
  examples: [{ command: 'misc.execute', script: 'return args.a + args.b', args: { a: 1, b: 2 }, variable: 'sum' }],
  aliases: {
    compact: { js: shape.text('script') },
    sentences: ['run|execute [the] script {script:quoted}'],
    simplified: shape.named(
      ['execute', 'javascript', 'js'],
      [
        shape.text('script'),
        shape.keys({
          ...shape.named(['script', 'code'], shape.text('script')),
          args: shape.anything('args'),
          ...shape.named(['variable', 'as'], shape.text('variable')),
        }),
      ],
    ),
  },
  run: async ({ script, args, variable }, context) => {
    const value = await runScript(context, script, args);
    if (variable !== undefined) context.variables.set(variable.replace(/^\$/, ''), value ?? null);
    return { value };
  },
});

const screenshot = defineCommand({
  name: 'misc.screenshot',
  summary: 'Takes a picture of the page or of an element, under a name.',
  kind: 'read',
  fields: fields(
    { name: text('Its name.', { minLength: 1 }) },
    { target, fullPage: flag('The whole page instead of what fits the viewport.', false) },
  ),
  examples: [{ command: 'misc.screenshot', name: 'home', fullPage: true }],
  aliases: {
    compact: { screenshot: shape.text('name') },
    simplified: { screenshot: shape.text('name') },
    sentences: ['take [a] screenshot named|called {name}'],
  },
  run: async ({ name, target, fullPage = false }, context) => {
    const png = await context.shoot({ ...(target === undefined ? {} : { target }), fullPage });
    const object = await context.saveArtifact(`${name}.png`, png, 'image/png');
    return { value: object, artifacts: [{ kind: 'picture', name: object }] };
  },
});

export const miscCommands = [comment, log, execute, screenshot];
