import { StepError } from './step-error.ts';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What two pictures differ in: their sizes, or a share of their pixels, which the third picture shows. */
export type Comparison =
  | { readonly sizes: { readonly expected: Size; readonly actual: Size } }
  | { readonly pixels: number; readonly ratio: number; readonly diff: Uint8Array };

/** Compares two PNGs as people see them: edges that are only smoothed otherwise are no difference. @throws StepError internal */
export async function comparePictures(expected: Uint8Array, actual: Uint8Array): Promise<Comparison> {
  // Of a CommonJS module that is imported late, a bundle has nothing but the default export.
  const [{ default: pixelmatch }, { default: pngjs }] = await Promise.all([import('pixelmatch'), import('pngjs')]);
  const { PNG } = pngjs;
  const read = (png: Uint8Array, what: string) => {
    try {
      return PNG.sync.read(Buffer.from(png));
    } catch (cause) {
      throw new StepError('internal', `${what} is not a PNG that can be read`, {
        hint: 'Have the baseline written again: --update-snapshots.',
        cause,
      });
    }
  };
  const [before, now] = [read(expected, 'the baseline'), read(actual, 'the picture')];
  const { width, height } = before;
  if (width !== now.width || height !== now.height)
    return { sizes: { expected: { width, height }, actual: { width: now.width, height: now.height } } };
  const shown = new PNG({ width, height });
  const pixels = pixelmatch(before.data, now.data, shown.data, width, height);
  return { pixels, ratio: pixels / (width * height), diff: PNG.sync.write(shown) };
}
