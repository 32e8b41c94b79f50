import type { RunReport } from '../../schemas/report.ts';
import { commitName } from '../events/event-words.ts';
import { formatDuration, formatTime, plural, shorten } from './format.ts';
import { sessionAnchor, stepAnchor } from './html-session.ts';
import { sentence } from './html-step.ts';
import { statusIcon } from './icons.ts';
import { html, type Markup } from './markup.ts';
import {
  cancelledOf,
  complaintOf,
  type Failure,
  failuresOf,
  isBroken,
  type SessionOutcome,
  toneOf,
  variantOf,
} from './outcome.ts';
import { formatUsd } from './usd.ts';

/** How many kinds of trouble the top of the page names. */
const mostTroubles = 12;

/** The verdict in one sentence. */
export function verdict(report: RunReport): string {
  const { stoppedBy, error } = report.run;
  if (error !== undefined) return `${counted(report)}; stopped when its time was over`;
  return stoppedBy === undefined ? counted(report) : `${counted(report)}; stopped at the first failure`;
}

function counted(report: RunReport): string {
  const { status, totals } = report.run;
  if (status === 'queued') return 'Waiting to start';
  if (status === 'running') return `Running: ${totals.passed} of ${plural(totals.sessions, 'session')} passed so far`;
  if (status === 'cancelled') return `Cancelled: ${totals.passed} of ${plural(totals.sessions, 'session')} passed`;
  if (status === 'passed') {
    if (totals.sessions === 1) return 'The session passed';
    return totals.passed === totals.sessions ? `All ${totals.sessions} sessions passed` : 'Passed';
  }
  const sessions = plural(totals.sessions, 'session');
  if (totals.failed > 0)
    return `${totals.failed} of ${sessions} failed${totals.error > 0 ? `, ${totals.error} had errors` : ''}`;
  if (totals.error > 0) return `${totals.error} of ${sessions} had errors`;
  return status === 'failed' ? 'Failed' : 'Ended with errors';
}

/** The top of the page: the verdict, the totals, and what the run was. */
export function renderHeader(report: RunReport, outcomes: readonly SessionOutcome[]): Markup {
  const { run } = report;
  const flaky = outcomes.filter((outcome) => outcome.flaky).length;
  const totals: [string, number, string][] = [
    ['passed', run.totals.passed, 'passed'],
    ['failed', run.totals.failed, 'failed'],
    ['with errors', run.totals.error, 'error'],
    ['cancelled', cancelledOf(outcomes), 'warn'],
    ['flaky', flaky, 'warn'],
    ['checkpoints', run.totals.checkpoints, 'plain'],
    ['steps', run.totals.steps, 'plain'],
  ];
  const facts: [string, string | undefined][] = [
    ['Started', run.startedAt && formatTime(run.startedAt)],
    ['Took', formatDuration(run.durationMs)],
    ['Started by', run.trigger],
    ['Environment', run.environment],
    ['Commit', run.commit && commitName(run.commit)],
    ['Billable operations', report.billableOperations?.toLocaleString('en')],
    ['Cost', report.cost && `${formatUsd(report.cost.usd)} at list prices of ${report.cost.pricesOf}`],
    ['Run', run.id],
    ['Runs again', run.rerunOf],
    ['Stopped by', run.stoppedBy],
  ];
  return html`<header class="top ${toneOf(run.status)}">
<div class="verdict">${statusIcon(run.status)}<h1>${verdict(report)}</h1></div>
${shares(report)}
<ul class="totals">${totals.map(([name, count, tone]) => (count > 0 || tone === 'plain') && html`<li class="${tone}"><b>${count.toLocaleString('en')}</b> ${name}</li>`)}</ul>
<dl class="about">${facts.map(([term, value]) => value && html`<div><dt>${term}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl>
</header>`;
}

function shares({ run: { totals } }: RunReport): Markup | undefined {
  if (totals.sessions === 0) return undefined;
  let x = 0;
  const bars = (['failed', 'error', 'passed'] as const).map((tone) => {
    const width = (totals[tone] / totals.sessions) * 100;
    x += width;
    return (
      width > 0 && html`<rect class="${tone}" x="${(x - width).toFixed(2)}" width="${width.toFixed(2)}" height="4"/>`
    );
  });
  return html`<svg class="shares" aria-hidden="true" viewBox="0 0 100 4" preserveAspectRatio="none"><rect class="rest" width="100" height="4"/>${bars}</svg>`;
}

/** What went wrong, each kind of trouble once, with links to where it happened. Undefined when nothing did. */
export function renderTroubles(outcomes: readonly SessionOutcome[]): Markup | undefined {
  const deciding = outcomes.filter(({ session, superseded }) => isBroken(session.status) && !superseded);
  const failures = deciding.flatMap(({ session }) => failuresOf(session));
  const silent = deciding.filter(({ session }) => failuresOf(session).length === 0);
  const kinds = [...Map.groupBy(failures, kindOf).values()];
  if (deciding.length === 0) return undefined;
  const shown = kinds.slice(0, mostTroubles);
  return html`<section class="troubles" aria-labelledby="troubles"><h2 id="troubles">What went wrong</h2><ol>${shown.map(troubleItem)}${silent
    .slice(0, mostTroubles)
    .map(
      ({ session }) =>
        html`<li class="${toneOf(session.status)}"><a href="#${sessionAnchor(session)}">${statusIcon(session.status)}<span><span class="words"><bdi>${session.testName}</bdi></span><span class="message"><bdi>${session.error?.message ?? `The session ended as ${session.status}.`}</bdi></span></span></a></li>`,
    )}</ol>${kinds.length > shown.length && html`<p>and ${plural(kinds.length - shown.length, 'more kind')} of trouble below</p>`}</section>`;
}

function kindOf({ step }: Failure): string {
  return JSON.stringify([step.step.command, step.step.target, complaintOf(step), step.result?.status]);
}

function troubleItem(failures: Failure[]): Markup | undefined {
  const [first] = failures;
  if (!first) return undefined;
  const { session, checkpoint, step } = first;
  const id = stepAnchor(session, checkpoint, checkpoint.steps.indexOf(step));
  const variant = variantOf(session);
  const complaint = complaintOf(step);
  const sessions = new Set(failures.map((failure) => failure.session)).size;
  return html`<li class="${toneOf(step.result?.status ?? '')}"><a href="#${id}">${statusIcon(step.result?.status ?? '')}<span><span class="words">${sentence(step.step)}</span>${complaint && html`<span class="message"><bdi>${shorten(complaint, 300)}</bdi></span>`}<span class="where"><bdi>${session.testName}</bdi>${variant && html` (<bdi>${variant}</bdi>)`} › <bdi>${checkpoint.name}</bdi>${sessions > 1 && html` <b>and ${plural(sessions - 1, 'other session')}</b>`}</span></span></a></li>`;
}
