import type { RunReport } from '../../schemas/report.ts';
import { isBroken, sessionOutcomes } from './outcome.ts';

/** Where screenshots come from, by their object's name: bytes, or a `data:` URL. */
export type ScreenshotSource =
  | ReadonlyMap<string, Uint8Array | string>
  | ((name: string) => Uint8Array | string | undefined);

/** How much of a page its screenshots may take, in characters of `data:` URL. */
export const screenshotBudget = 20 * 1024 * 1024;

/**
 * Chooses the screenshots that a page carries within itself: those of broken steps first, then as many of the others as
 * the budget allows, in the order in which they are shown. The rest stay links.
 * @returns `data:` URLs by object name.
 */
export function embedScreenshots(
  report: RunReport,
  source: ScreenshotSource,
  budget = screenshotBudget,
): Map<string, string> {
  const find = typeof source === 'function' ? source : (name: string) => source.get(name);
  const embedded = new Map<string, string>();
  let left = budget;
  for (const name of byUrgency(report)) {
    if (embedded.has(name) || left <= 0) continue;
    const url = toDataUrl(find(name));
    if (url === undefined || url.length > left) continue;
    embedded.set(name, url);
    left -= url.length;
  }
  return embedded;
}

function byUrgency(report: RunReport): string[] {
  const steps = sessionOutcomes(report).flatMap(({ session }) => session.checkpoints.flatMap(({ steps }) => steps));
  const shown = steps.flatMap(({ screenshot, result }) => (screenshot ? [{ name: screenshot.name, result }] : []));
  const broken = shown.filter(({ result }) => result && isBroken(result.status));
  return [...broken, ...shown].map(({ name }) => name);
}

function toDataUrl(image: Uint8Array | string | undefined): string | undefined {
  if (image === undefined) return undefined;
  if (typeof image === 'string')
    return /^data:image\/(?:webp|png|jpeg|gif|avif);base64,[A-Za-z0-9+/=]+$/.test(image) ? image : undefined;
  const type = imageType(image);
  return type && `data:${type};base64,${Buffer.from(image).toString('base64')}`;
}

function imageType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'image/webp';
  if (head.startsWith('\x89PNG\r\n')) return 'image/png';
  return head.startsWith('\xff\xd8\xff') ? 'image/jpeg' : undefined;
}
