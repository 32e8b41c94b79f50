import type { ElementHandle, Locator } from 'playwright-core';
import { defineCommand } from '../define/command.ts';
import { type FilePayload, type FileSource, gatherFiles } from '../engine/files.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { choice, type Field, fields, target, text } from './fields.ts';

const source = {
  url: text('Where to fetch it: http or https; a relative one joins the base URL.', { minLength: 1 }),
  artifact: text("An object of yours in the tests' bucket: tests/{user}/photo.png, or photo.png for short.", {
    minLength: 1,
  }),
  content: text('The file itself; needs a name.'),
  name: text('What the file is called; default: as its address or object is.', { minLength: 1 }),
  encoding: choice('What content is.', ['utf8', 'base64'], 'utf8'),
};

/** The same fields, with exactly one way of saying where the file comes from. */
function fromOnePlace<T extends object>(schema: T, ...more: string[][]): T {
  const ways = [['url'], ['artifact'], ['content', 'name'], ...more];
  return { ...schema, oneOf: ways.map((required) => ({ required })) };
}

const several = {
  type: 'array',
  items: fromOnePlace(fields({}, source)),
  minItems: 1,
  description: 'Several files, each with url, artifact, or content and name.',
} as object as Field<FileSource[]>;

export const upload = defineCommand({
  name: 'file.upload',
  summary: 'Gives files to a file field, or to the file chooser that a click on the element opens.',
  kind: 'action',
  fields: fromOnePlace(fields({ target }, { ...source, files: several }), ['files']),
  examples: [
    { command: 'file.upload', target: 'Photo', content: 'hello', name: 'hello.txt' },
    {
      command: 'file.upload',
      target: 'Photo',
      files: [{ content: 'aGVsbG8=', encoding: 'base64', name: 'hello.bin' }],
    },
  ],
  aliases: {
    compact: { upload: shape.pair('target', shape.text('url')) },
    simplified: shape.named(
      ['file', 'upload'],
      shape.keys({
        ...shape.named([...shape.elementNames, 'to'], shape.target()),
        ...shape.named(['url', 'from'], shape.text('url')),
        artifact: shape.text('artifact'),
        content: shape.text('content'),
        name: shape.text('name'),
        encoding: shape.text('encoding'),
        files: shape.anything('files'),
      }),
    ),
    sentences: ['upload {url:url} to|into|in [the] {target}'],
  },
  run: async ({ target, files, ...one }, context) => {
    const payloads = await gatherFiles(files ?? [one], context);
    const { locator, facts } = await context.find(target, 'interact');
    const field = await locator.evaluateHandle(fileField, undefined, { timeout: context.left() });
    const input = field.asElement() as ElementHandle<HTMLInputElement> | null;
    if (input) await give(input, payloads, facts.description, context);
    else await choose(locator, payloads, facts.description, context);
    return { value: payloads.map(({ name }) => name) };
  },
});

/** Runs in the page: the file field that is meant, which often hides behind its label; null when there is none. */
function fileField(node: Element): HTMLInputElement | null {
  const field = node.closest('label')?.control ?? node;
  return field instanceof HTMLInputElement && field.type === 'file' ? field : null;
}

async function give(
  input: ElementHandle<HTMLInputElement>,
  files: FilePayload[],
  description: string,
  context: StepContext,
): Promise<void> {
  const { multiple, disabled } = await input.evaluate(({ multiple, disabled }) => ({ multiple, disabled }));
  if (files.length > 1 && !multiple) throw onlyOne(description);
  if (disabled)
    throw new StepError('not-actionable', `${description} is disabled`, { hint: 'It takes no file just now.' });
  await input.setInputFiles(files, { timeout: context.left() });
}

async function choose(
  locator: Locator,
  files: FilePayload[],
  description: string,
  context: StepContext,
): Promise<void> {
  const opening = context.page.waitForEvent('filechooser', { timeout: context.left() }).catch(() => undefined);
  await locator.click({ timeout: context.left() });
  const chooser = await opening;
  if (!chooser) {
    throw new StepError('not-actionable', `${description} is no file field, and a click on it opened no file chooser`, {
      hint: 'Point the target at the <input type=file>, its label, or the button that opens the chooser.',
    });
  }
  if (files.length > 1 && !chooser.isMultiple()) throw onlyOne(description);
  await chooser.setFiles(files, { timeout: context.left() });
}

const onlyOne = (description: string): StepError =>
  new StepError('not-actionable', `${description} takes one file only`, { hint: 'Give it one file.' });
