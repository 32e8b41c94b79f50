import { createHash } from 'node:crypto';
import type { RunReport } from '../../schemas/report.ts';
import { type Embedded, embedScreenshots, type ScreenshotSource } from './embed-screenshots.ts';
import { formatTime } from './format.ts';
import { renderHeader, renderTroubles, verdict } from './html-overview.ts';
import { renderSession } from './html-session.ts';
import { renderTimeline } from './html-timeline.ts';
import { iconSprite } from './icons.ts';
import { html, type Markup, trusted } from './markup.ts';
import { isBroken, type SessionOutcome, sessionOutcomes } from './outcome.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { sessionStyle } from './session-style.ts';

export interface HtmlOptions {
  /** The screenshots' bytes or `data:` URLs by object name; those that are not found stay links. */
  readonly screenshots?: ScreenshotSource;
  /** How many characters of `data:` URLs the page may carry (20 MiB). */
  readonly screenshotBudget?: number;
}

/**
 * The report as one HTML page that needs nothing else: no network, no server. Its content security policy lets only its
 * own script run.
 */
export function renderHtml(report: RunReport, options: HtmlOptions = {}): string {
  const outcomes = sessionOutcomes(report);
  const embedded = embedScreenshots(report, options.screenshots ?? new Map(), options.screenshotBudget);
  const style = pageStyle + sessionStyle;
  const policy = `default-src 'none'; img-src data:; style-src '${digest(style)}'; script-src '${digest(pageScript)}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Virtuoso ${report.version}">
<title>${verdict(report)} · ${report.run.id}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(favicon(report.run.status))}">
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#sessions">Skip to the sessions</a>
${iconSprite}
${renderHeader(report, outcomes)}
<main>
${renderTroubles(outcomes)}
${renderTimeline(report.sessions)}
${sessionList(outcomes, embedded)}
</main>
<footer>Written by Virtuoso ${report.version} at ${formatTime(report.generatedAt)}</footer>
${viewer}
<script>${trusted(pageScript)}</script>
</body>
</html>
`;
  return page.text;
}

function sessionList(outcomes: readonly SessionOutcome[], embedded: Embedded): Markup {
  const failed = outcomes.filter(({ session, superseded }) => isBroken(session.status) && !superseded).length;
  const flaky = outcomes.filter((outcome) => outcome.flaky).length;
  const filters: [string, string, number][] = [
    ['', 'All', outcomes.length],
    ['failed', 'Failed', failed],
    ['flaky', 'Flaky', flaky],
  ];
  return html`<section aria-labelledby="sessions"><h2 id="sessions">Sessions</h2>
<div class="tools" role="toolbar" aria-label="Sessions">
<div class="filters" role="group" aria-label="Show">${filters.map(([group, name, count]) => (count > 0 || group === '') && html`<button type="button" data-filter="${group}" aria-pressed="${group === '' ? 'true' : 'false'}">${name} <span>${count}</span></button>`)}</div>
<input type="search" id="search" placeholder="Search tests, steps, errors  ( / )" aria-label="Search tests, steps and errors" autocomplete="off" spellcheck="false">
<button type="button" id="unfold" aria-pressed="false">Open all</button>
<button type="button" id="theme">Dark</button>
</div>
<p class="none" id="none" role="status" hidden>No session fits.</p>
${outcomes.map((outcome) => renderSession(outcome, embedded))}
${outcomes.length === 0 && html`<p class="none">This run had no sessions.</p>`}</section>`;
}

const viewer = html`<dialog id="viewer" aria-label="Screenshot"><div class="bar-top"><p id="caption"></p><a id="origin" href="#sessions">Show the step</a><button type="button" id="close" aria-label="Close">✕</button></div>
<div class="stage"><button type="button" id="previous" aria-label="Previous screenshot">‹</button><img id="picture" alt=""><button type="button" id="next" aria-label="Next screenshot">›</button></div></dialog>`;

function favicon(status: string): string {
  const color = isBroken(status) ? '#c62828' : status === 'passed' ? '#1f7a3f' : '#6b7280';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${color}"/></svg>`;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
