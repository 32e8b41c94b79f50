import type { ReportedArtifact, ReportedStep, RunReport } from '../../schemas/report.ts';
import { counts } from '../domain/verdict.ts';
import { sessionOutcomes } from './outcome.ts';

/** Where screenshots come from, by their object's name: bytes, or a `data:` URL. */
export type ScreenshotSource =
  | ReadonlyMap<string, Uint8Array | string>
  | ((name: string) => Uint8Array | string | undefined);

/** How much of a page its screenshots may take, in characters of `data:` URL. */
export const screenshotBudget = 20 * 1024 * 1024;

/** The screenshots that a page carries within itself. */
export interface Embedded {
  /** `data:` URLs of screenshots by step. */
  readonly urls: ReadonlyMap<ReportedStep, string>;
  /** `data:` URLs of the other pictures that steps kept, by their object's name. */
  readonly pictures: ReadonlyMap<string, string>;
  /** Steps whose picture is that of another step, which shows it: nothing happened in between. */
  readonly repeats: ReadonlySet<ReportedStep>;
}

/**
 * Chooses the screenshots that a page carries within itself: those of broken steps first, then as many of the others as
 * the budget allows, in the order in which they are shown. The rest stay links. A picture that several steps share is
 * carried once, but always where a step is broken.
 */
export function embedScreenshots(report: RunReport, source: ScreenshotSource, budget = screenshotBudget): Embedded {
  const find = typeof source === 'function' ? source : (name: string) => source.get(name);
  const urls = new Map<ReportedStep, string>();
  const pictures = new Map<string, string>();
  const repeats = new Set<ReportedStep>();
  const carried = new Set<string>();
  let left = budget;
  const take = (name: string): string | undefined => {
    const url = left > 0 ? toDataUrl(find(name)) : undefined;
    if (url === undefined || url.length > left) return undefined;
    left -= url.length;
    return url;
  };
  const embed = (step: ReportedStep, name: string): void => {
    const url = take(name);
    if (url === undefined) return;
    urls.set(step, url);
    carried.add(name);
  };
  const embedKept = (step: ReportedStep): void => {
    for (const { name } of picturesOf(step)) {
      const url = take(name);
      if (url !== undefined) pictures.set(name, url);
    }
  };
  const steps = sessionOutcomes(report).flatMap(({ session }) => session.checkpoints.flatMap((one) => one.steps));
  const isUrgent = ({ result }: ReportedStep): boolean => result !== undefined && counts(result);
  for (const step of steps.filter(isUrgent)) {
    embedKept(step);
    if (step.screenshot) embed(step, step.screenshot.name);
  }
  for (const step of steps) {
    if (!isUrgent(step)) embedKept(step);
    if (!step.screenshot || isUrgent(step)) continue;
    if (carried.has(step.screenshot.name)) repeats.add(step);
    else embed(step, step.screenshot.name);
  }
  return { urls, pictures, repeats };
}

/** The pictures that a step kept beside its screenshot. */
export const picturesOf = ({ artifacts = [] }: ReportedStep): ReportedArtifact[] =>
  artifacts.filter(({ kind }) => kind !== 'download');

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
