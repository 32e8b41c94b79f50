import type { ReportedSession } from '../../schemas/report.ts';
import { formatDuration, shorten } from './format.ts';
import { sessionAnchor } from './html-session.ts';
import { html, type Markup } from './markup.ts';
import { toneOf, variantOf } from './outcome.ts';

const width = 1000;
const axisHeight = 22;
/** Pixels of the shortest bar. */
const shortest = 3;
/** Pixels that a character of a bar's text takes, about. */
const characterWidth = 7.4;

interface Span {
  readonly session: ReportedSession;
  readonly start: number;
  readonly end: number;
}

/** Sessions over time as lanes: what ran side by side stands one below the other. Undefined when no times are known. */
export function renderTimeline(sessions: readonly ReportedSession[]): Markup | undefined {
  const spans = sessions.flatMap((session) => spanOf(session) ?? []).toSorted((a, b) => a.start - b.start);
  const first = spans[0];
  if (!first) return undefined;
  const start = first.start;
  const whole = Math.max(1, ...spans.map((span) => span.end - start));
  const lanes = toLanes(spans, (shortest / width) * whole);
  const laneHeight = lanes.length > 24 ? 10 : 24;
  const height = axisHeight + lanes.length * laneHeight;
  const scale = (at: number): number => ((at - start) / whole) * width;
  return html`<section class="timeline" aria-labelledby="timeline"><h2 id="timeline">Timeline</h2><div class="scroll" tabindex="0" role="group" aria-labelledby="timeline"><svg viewBox="0 0 ${width} ${height}" width="100%">
${ticks(whole).map((at) => tick((at / whole) * width, at, height))}
${lanes.map((lane, row) => lane.map((span) => bar(span, scale, axisHeight + row * laneHeight, laneHeight)))}
</svg></div></section>`;
}

function spanOf(session: ReportedSession): Span | undefined {
  const start = Date.parse(session.startedAt ?? '');
  if (Number.isNaN(start)) return undefined;
  const ended = Date.parse(session.endedAt ?? '');
  return { session, start, end: Math.max(start, Number.isNaN(ended) ? start + session.durationMs : ended) };
}

/** Puts each span in the first lane that is free at its start; it takes up at least so many milliseconds. */
function toLanes(spans: readonly Span[], least: number): Span[][] {
  const lanes: { readonly spans: Span[]; end: number }[] = [];
  for (const span of spans) {
    const end = Math.max(span.end, span.start + least);
    const free = lanes.find((lane) => lane.end <= span.start);
    if (free) {
      free.spans.push(span);
      free.end = end;
    } else lanes.push({ spans: [span], end });
  }
  return lanes.map((lane) => lane.spans);
}

function bar({ session, start, end }: Span, scale: (at: number) => number, y: number, laneHeight: number): Markup {
  const x = scale(start);
  const length = Math.max(shortest, scale(end) - x);
  const variant = variantOf(session);
  const name = variant ? `${session.testName} (${variant})` : session.testName;
  const room = Math.floor((length - 12) / characterWidth);
  const named = laneHeight > 20 && room > 3;
  const said = `${name}: ${session.status}, ${formatDuration(session.durationMs)}`;
  return html`<a class="bar ${toneOf(session.status)}" href="#${sessionAnchor(session)}" aria-label="${said}"><title>${said}</title><rect x="${x.toFixed(1)}" y="${y + 2}" width="${length.toFixed(1)}" height="${laneHeight - 4}" rx="4"/>${named && html`<text x="${(x + 7).toFixed(1)}" y="${y + laneHeight / 2 + 4}">${shorten(name, room)}</text>`}</a>`;
}

function tick(x: number, at: number, height: number): Markup {
  const end = x > width - 70;
  return html`<g class="tick"><line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${axisHeight - 6}" y2="${height}"/><text x="${x.toFixed(1)}" y="11"${end && html` text-anchor="end"`}>${formatDuration(at)}</text></g>`;
}

/** Round times, in ms from the start, at most eight of them. */
function ticks(whole: number): number[] {
  const steps = [100, 250, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000];
  const step = steps.find((candidate) => whole / candidate <= 8) ?? Math.ceil(whole / 8 / 3_600_000) * 3_600_000;
  return Array.from({ length: Math.floor(whole / step) + 1 }, (_, index) => index * step);
}
