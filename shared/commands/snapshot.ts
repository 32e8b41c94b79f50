import { defineCommand, type StepOutcome } from '../define/command.ts';
import { type Comparison, comparePictures, type Size } from '../engine/compare-pictures.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import type { Target } from '../engine/target.ts';
import * as shape from '../test-files/shapes.ts';
import { asserting } from './assert-aliases.ts';
import { fields, number, target, text } from './fields.ts';

const asMapping = {
  name: shape.text('name'),
  ...shape.named(shape.elementNames, shape.target()),
  ...shape.named(['maxDiffRatio', 'maxDiffPixelRatio'], shape.number('maxDiffRatio')),
};

const snapshot = defineCommand({
  name: 'assert.snapshot',
  summary: 'The page, or the element, looks as in the picture of that name; the first time the picture is kept.',
  kind: 'assertion',
  fields: fields(
    { name: text('Name of the picture; each viewport has its own.', { minLength: 1 }) },
    {
      target,
      maxDiffRatio: number('Share of the pixels that may differ.', { minimum: 0, maximum: 1, default: 0.01 }),
    },
  ),
  examples: [
    { command: 'assert.snapshot', name: 'home' },
    { command: 'assert.snapshot', name: 'canvas', target: '#canvas', maxDiffRatio: 0 },
  ],
  aliases: {
    compact: { snapshot: [shape.text('name'), shape.keys(asMapping, { needs: ['name'] })] },
    simplified: { assert: asserting(asMapping, 'snapshot'), snapshot: [shape.text('name'), shape.keys(asMapping)] },
    sentences: [
      'see|assert|verify|expect [that] [the] page looks like {name}',
      'see|assert|verify|expect [that] {target} looks like {name}',
    ],
  },
  run: async ({ name, target, maxDiffRatio = 0.01 }, context) => {
    const { baselines } = context.outside;
    const key = keyOf(name, context);
    const baseline = await baselines.read(key);
    const picture = await stillPicture(target, context);
    if (!baseline) {
      if (baselines.update === 'none') return await missing(key, picture, context);
      return await renewed(key, picture, 'created', context);
    }
    const found = await comparePictures(baseline, picture);
    if ('ratio' in found && found.ratio <= maxDiffRatio)
      return { passed: true, expected: wanted(maxDiffRatio), actual: inWords(found), value: key };
    if (baselines.update === 'changed') return await renewed(key, picture, 'updated', context);
    return {
      passed: false,
      expected: 'sizes' in found ? sizeInWords(found.sizes.expected) : wanted(maxDiffRatio),
      actual: inWords(found),
      value: key,
      artifacts: await kept(
        key,
        { expected: baseline, actual: picture, ...('diff' in found ? { diff: found.diff } : {}) },
        context,
      ),
    };
  },
});

/** A page looks different in every browser and viewport. */
function keyOf(name: string, { page }: StepContext): string {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  return `${name.replaceAll(/[^\p{L}\d._-]+/gu, '-').slice(0, 100)}-chromium-${width}x${height}`;
}

const pauses = [50, 100, 250, 500];

/** A picture that comes out the same twice in a row. @throws StepError timeout */
async function stillPicture(target: Target | undefined, context: StepContext): Promise<Uint8Array> {
  let before: Uint8Array | undefined;
  for (let attempt = 0; context.left() > 1; attempt++) {
    const now = await context.shoot({ ...(target === undefined ? {} : { target }), still: true }).catch((error) => {
      if (context.left() > 1 || !before) throw error;
      return undefined;
    });
    if (before && now && Buffer.compare(before, now) === 0) return now;
    before = now ?? before;
    await context.sleep(Math.min(pauses[Math.min(attempt, pauses.length - 1)] ?? 500, context.left()));
  }
  throw new StepError('timeout', 'the page does not stand still: no two pictures in a row are the same', {
    hint: 'Wait for what moves to end, or give a target that stands still.',
  });
}

async function missing(key: string, actual: Uint8Array, context: StepContext): Promise<StepOutcome> {
  const artifacts = await kept(key, { actual }, context);
  return { passed: false, expected: `the baseline ${key}`, actual: 'there is none', artifacts };
}

async function renewed(
  key: string,
  actual: Uint8Array,
  how: 'created' | 'updated',
  context: StepContext,
): Promise<StepOutcome> {
  await context.outside.baselines.write(key, actual);
  context.note(`baseline ${how}: ${key}`);
  return { passed: true, value: key, artifacts: await kept(key, { actual }, context) };
}

async function kept(
  key: string,
  pictures: Readonly<Partial<Record<'expected' | 'actual' | 'diff', Uint8Array>>>,
  context: StepContext,
): Promise<NonNullable<StepOutcome['artifacts']>> {
  const artifacts: { kind: 'expected' | 'actual' | 'diff'; name: string }[] = [];
  for (const kind of ['expected', 'actual', 'diff'] as const) {
    const png = pictures[kind];
    if (png) artifacts.push({ kind, name: await context.saveArtifact(`${key}-${kind}.png`, png, 'image/png') });
  }
  return artifacts;
}

const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(3))} %`;
const wanted = (most: number): string => `at most ${percent(most)} of the pixels differ`;
const sizeInWords = ({ width, height }: Size): string => `${width} × ${height} pixels`;

function inWords(found: Comparison): string {
  if ('sizes' in found) return sizeInWords(found.sizes.actual);
  return found.pixels === 0 ? 'none differs' : `${percent(found.ratio)} differ: ${found.pixels} pixels`;
}

export const snapshotCommands = [snapshot];
