import { readFile, stat } from 'node:fs/promises';
import type { Download } from 'playwright-core';
import { defineCommand } from '../define/command.ts';
import { wasTooLarge } from '../engine/bounded-downloads.ts';
import { LARGEST_FILE, typeOf } from '../engine/files.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import { unlessAborted } from '../engine/waiting.ts';
import * as shape from '../test-files/shapes.ts';
import { fields, target, variableName } from './fields.ts';

export const download = defineCommand({
  name: 'file.download',
  summary: 'Clicks the element, waits for the download to end and keeps the file; stores its name as an artifact.',
  kind: 'action',
  fields: fields({ target, variable: variableName }),
  examples: [{ command: 'file.download', target: 'Price list', variable: 'prices' }],
  aliases: {
    compact: { download: shape.pair('target', shape.text('variable')) },
    simplified: {
      download: shape.keys({
        ...shape.named([...shape.elementNames, 'from'], shape.target()),
        ...shape.named(['as', 'variable', 'in'], shape.text('variable')),
      }),
    },
    sentences: ['download [the] {target} as|in {variable:variable}'],
  },
  run: async ({ target, variable }, context) => {
    const { locator, facts } = await context.find(target, 'interact');
    // Of the context, not of the page: a link to a new tab downloads there.
    const coming = context.browser.waitForEvent('download', { timeout: context.left() }).catch(() => undefined);
    await locator.click({ timeout: context.left() });
    const started = await coming;
    if (!started) {
      throw new StepError('timeout', `a click on ${facts.description} started no download`, {
        hint: 'The page may open the file instead of offering it for download.',
      });
    }
    const body = await received(started, context);
    const fileName = started.suggestedFilename();
    const name = await context.saveArtifact(fileName, body, typeOf(fileName));
    context.variables.set(variable.replace(/^\$/, ''), name);
    return { value: name, artifacts: [{ kind: 'download', name }] };
  },
});

/** The file's bytes. What the browser keeps of it is deleted in any case. */
async function received(download: Download, context: StepContext): Promise<Buffer> {
  try {
    const failure = await unlessAborted(download.failure(), context.signal);
    if (wasTooLarge(download)) throw tooLarge(download, `more than ${LARGEST_FILE / 1e6} MB`);
    if (failure !== null) {
      throw new StepError('request-failed', `the download of ${download.suggestedFilename()} failed: ${failure}`, {
        hint: 'The site, or something on the way to it, hung up in the middle.',
      });
    }
    const path = await download.path();
    const { size } = await stat(path);
    if (size > LARGEST_FILE) throw tooLarge(download, `${(size / 1e6).toFixed(1)} MB`);
    return await readFile(path);
  } finally {
    await download.cancel().catch(() => undefined);
    await download.delete().catch(() => undefined);
  }
}

function tooLarge(download: Download, size: string): StepError {
  return new StepError('too-large', `${download.suggestedFilename()} has ${size}`, {
    hint: `Files of ${LARGEST_FILE / 1e6} MB at most are kept.`,
  });
}
