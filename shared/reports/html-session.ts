import type { ReportedCheckpoint, ReportedSession } from '../../schemas/report.ts';
import type { Embedded } from './embed-screenshots.ts';
import { formatDuration, formatTime, plural } from './format.ts';
import { renderStep } from './html-step.ts';
import { statusIcon } from './icons.ts';
import { html, type Markup } from './markup.ts';
import { isBroken, type SessionOutcome, toneOf, variantOf } from './outcome.ts';
import { anchor, safeLink } from './safe-link.ts';

/** The id of a session's element. */
export function sessionAnchor(session: ReportedSession): string {
  return anchor('session', session.id);
}

/** The id of a step's element. */
export function stepAnchor(session: ReportedSession, checkpoint: ReportedCheckpoint, index: number): string {
  return anchor('step', session.id, checkpoint.position, index);
}

/** A session as a card that opens; broken ones stand open. */
export function renderSession(outcome: SessionOutcome, embedded: Embedded): Markup {
  const { session, superseded, flaky } = outcome;
  const broken = isBroken(session.status);
  const steps = session.checkpoints.flatMap((checkpoint) => checkpoint.steps);
  const groups = [broken && !superseded && 'failed', flaky && 'flaky'].filter(Boolean).join(' ');
  return html`<details class="session ${toneOf(session.status)}" id="${sessionAnchor(session)}" data-groups="${groups}"${broken && !superseded && html` open`}>
<summary>${statusIcon(session.status)}<span class="title"><h3><bdi>${session.testName}</bdi></h3>${chips(outcome)}</span>
${stepStrip(steps.filter(({ inside }) => !inside).map(({ result }) => result?.status ?? 'pending'))}<span class="took">${formatDuration(session.durationMs)}</span></summary>
<div class="inside">
${about(session)}
${session.error && html`<div class="trouble"><p class="message"><bdi>${session.error.message}</bdi></p>${session.error.hint && html`<p class="hint"><strong>To mend it:</strong> <bdi>${session.error.hint}</bdi></p>`}<p class="kind">${session.error.type}</p></div>`}
${session.checkpoints.map((checkpoint) => renderCheckpoint(session, checkpoint, embedded))}
</div>
</details>
`;
}

function chips({ session, superseded, flaky }: SessionOutcome): Markup {
  const variant = variantOf(session);
  return html`<span class="chips">${variant && html`<span class="chip"><bdi>${variant}</bdi></span>`}${superseded && html`<span class="chip">tried again</span>`}${flaky && html`<span class="chip warn">flaky</span>`}${session.resumed > 0 && html`<span class="chip">resumed ${session.resumed === 1 ? 'once' : `${session.resumed} times`}</span>`}${session.runId && html`<span class="chip">of an earlier run</span>`}${session.tags.map((tag) => html`<span class="chip tag"><bdi>${tag}</bdi></span>`)}</span>`;
}

/** The session's steps at a glance: a tick each. */
function stepStrip(statuses: string[]): Markup | undefined {
  if (statuses.length === 0 || statuses.length > 60) return undefined;
  return html`<svg class="strip" aria-hidden="true" width="${statuses.length * 5}" height="12">${statuses.map((status, index) => html`<rect class="${toneOf(status)}" x="${index * 5}" width="3" height="12" rx="1"/>`)}</svg>`;
}

function about(session: ReportedSession): Markup {
  const base = safeLink(session.baseUrl);
  const trace = safeLink(session.trace);
  const rows: [string, Markup | string | undefined][] = [
    ['Started', session.startedAt && formatTime(session.startedAt)],
    ['File', session.file && html`<bdi>${session.file}</bdi>`],
    ['Base address', base ? html`<a href="${base}"><bdi>${base}</bdi></a>` : session.baseUrl],
    ['Browser', session.browser],
    ['Trace', trace && html`<a href="${trace}" title="Values of secrets are replaced in it">trace.zip</a>`],
    ['Run', session.runId && html`<code>${session.runId}</code>`],
    ['Session', html`<code>${session.id}</code>`],
  ];
  return html`<dl class="about">${rows.map(([term, value]) => value && html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function renderCheckpoint(session: ReportedSession, checkpoint: ReportedCheckpoint, embedded: Embedded): Markup {
  const open = isBroken(checkpoint.status) || !isBroken(session.status);
  const id = anchor('checkpoint', session.id, checkpoint.position);
  return html`<details class="checkpoint ${toneOf(checkpoint.status)}" id="${id}"${open && html` open`}>
<summary>${statusIcon(checkpoint.status)}<h4><bdi>${checkpoint.name}</bdi></h4><span class="count">${plural(checkpoint.steps.filter(({ inside }) => !inside).length, 'step')}</span><span class="took">${formatDuration(checkpoint.durationMs)}</span></summary>
<ol>${checkpoint.steps.map((step, index) => renderStep(step, stepAnchor(session, checkpoint, index), embedded))}</ol>
</details>
`;
}
