import type { ReportedArtifact, ReportedResult, ReportedStep } from '../../schemas/report.ts';
import { counts } from '../domain/verdict.ts';
import { type Embedded, picturesOf } from './embed-screenshots.ts';
import { formatDuration, formatValue, plural, shorten } from './format.ts';
import { statusIcon } from './icons.ts';
import { markDifference } from './mark-difference.ts';
import { html, type Markup } from './markup.ts';
import { sparedWords, toneOf } from './outcome.ts';
import { safeLink } from './safe-link.ts';
import { stepSentence, stepWords } from './step-words.ts';

/** Steps that are deeper inside others are not indented further. */
const DEEPEST = 5;

/** Longest value that the page shows; `results.json` has it whole. */
const longestValue = 4000;

/** A step as an item of its checkpoint's list. */
export function renderStep(shown: ReportedStep, id: string, embedded: Embedded): Markup {
  const { step, result, inside } = shown;
  const status = result?.status ?? 'not reached';
  const tone = result?.spared ? 'quiet' : toneOf(status);
  const label = result?.label ?? (typeof step.label === 'string' ? step.label : undefined);
  return html`<li class="step ${tone}${inside && ` in in-${Math.min(inside.depth, DEEPEST)}`}" id="${id}">
<div class="what">
<p class="line">${statusIcon(status)}<span class="words">${inside && html`<span class="part">${inside.part}</span> `}${label && html`<b class="label">${label}</b> `}${sentence(step)}</span></p>
${result && facts(result)}
${result && evidence(result)}
${keptPictures(shown, id, embedded)}${downloads(shown)}
</div>
<div class="side"><a class="took" href="#${id}" title="Link to this step">${result ? formatDuration(result.durationMs) : 'not reached'}</a>${picture(shown, id, embedded)}</div>
</li>`;
}

/** A step in words, its values set apart. */
export function sentence(step: ReportedStep['step']): Markup {
  return html`${stepWords(step).map((word) =>
    word.field ? html`<bdi class="value">${shorten(word.text, 300)}</bdi>` : word.text,
  )}`;
}

function facts(result: ReportedResult): Markup {
  const { target, healed, proposed, value, console, network, notes, spared } = result;
  const found = target?.resolved && target.resolved !== target.given;
  return html`${
    found &&
    html`<p class="fact"><span class="term">found</span> <bdi><code>${target.resolved}</code></bdi>${target.strategy && html` <span class="term">by ${target.strategy}</span>`}</p>`
  }${healed && replacement('Healed', healed)}${proposed && replacement('Might have become', proposed)}${
    value !== undefined &&
    html`<p class="fact"><span class="term">value</span> <bdi><code>${shorten(formatValue(value), longestValue)}</code></bdi></p>`
  }${
    spared && html`<p class="fact"><span class="term">does not count</span> ${sparedWords[spared]}</p>`
  }${notes?.map((note) => html`<p class="fact"><span class="term">note</span> <bdi>${note}</bdi></p>`)}${
    (console > 0 || network.failed > 0) && !result.problems?.length && html`<p class="fact">${problemCount(result)}</p>`
  }`;
}

/** What was, or might be, used in place of an element that was not found. */
function replacement(word: string, { from, to, confidence, evidence }: NonNullable<ReportedResult['healed']>): Markup {
  return html`<p class="fact healed"><strong>${word}</strong> <bdi><code>${from}</code></bdi> → <bdi><code>${to}</code></bdi>, ${Math.round(confidence * 100)} % sure${evidence.length > 0 && html`: ${evidence.join('; ')}`}</p>`;
}

function evidence(result: ReportedResult): Markup {
  const { error, target, problems } = result;
  const broken = counts(result);
  const compared = result.expected !== undefined || result.actual !== undefined;
  return html`${
    error &&
    html`<div class="trouble"><p class="message"><bdi>${error.message}</bdi></p>${error.hint && html`<p class="hint"><strong>To mend it:</strong> <bdi>${error.hint}</bdi></p>`}<p class="kind">${error.type}</p></div>`
  }${broken && compared && comparison(result.expected, result.actual)}${
    broken &&
    target?.candidates &&
    target.candidates.length > 0 &&
    html`<div class="candidates"><p>What the page offers instead:</p><ul>${target.candidates.map((candidate) => html`<li><bdi><code>${candidate}</code></bdi></li>`)}</ul></div>`
  }${
    problems &&
    problems.length > 0 &&
    html`<details class="problems"${broken && html` open`}><summary>${problemCount(result)}</summary><ul>${problems.map((problem) => html`<li><bdi>${shorten(problem, longestValue)}</bdi></li>`)}</ul></details>`
  }`;
}

function comparison(expected: unknown, actual: unknown): Markup {
  const [wanted, got] = markDifference(
    shorten(formatValue(expected), longestValue),
    shorten(formatValue(actual), longestValue),
  );
  return html`<dl class="compare"><div><dt>Expected</dt><dd tabindex="0"><bdi>${wanted}</bdi></dd></div><div><dt>Actual</dt><dd tabindex="0"><bdi>${got}</bdi></dd></div></dl>`;
}

function problemCount({ console, network, problems }: ReportedResult): string {
  const counts = [
    console > 0 ? plural(console, 'console message') : '',
    network.failed > 0 ? plural(network.failed, 'failed request') : '',
  ].filter(Boolean);
  return counts.join(', ') || plural(problems?.length ?? 0, 'problem');
}

const captions = { expected: 'Expected', actual: 'Actual', diff: 'Difference', picture: 'Picture' } as const;

/** The pictures that the step kept, side by side. */
function keptPictures(shown: ReportedStep, id: string, embedded: Embedded): Markup | undefined {
  const pictures = picturesOf(shown);
  if (pictures.length === 0) return undefined;
  return html`<div class="kept">${pictures.map((one) => {
    const caption = captions[one.kind as keyof typeof captions];
    return html`<figure>${keptPicture(one, caption, id, embedded)}<figcaption>${caption}</figcaption></figure>`;
  })}</div>`;
}

function keptPicture({ name, href }: ReportedArtifact, caption: string, id: string, embedded: Embedded): Markup {
  const url = embedded.pictures.get(name);
  if (url)
    return html`<button type="button" class="thumb" data-step="${id}" data-what="${caption}" aria-label="Enlarge: ${caption}"><img src="${url}" alt="" decoding="async"></button>`;
  return fileLink(name, href);
}

function downloads({ artifacts = [] }: ReportedStep): Markup[] {
  return artifacts
    .filter(({ kind }) => kind === 'download')
    .map(({ name, href }) => html`<p class="fact"><span class="term">file</span> ${fileLink(name, href)}</p>`);
}

/** A link where the address can be followed, else the name that the file is stored under. */
function fileLink(name: string, href: string): Markup {
  const link = safeLink(href);
  return link
    ? html`<a class="file" href="${link}">${name.split('/').at(-1)}</a>`
    : html`<bdi><code>${href}</code></bdi>`;
}

function picture(shown: ReportedStep, id: string, embedded: Embedded): Markup | undefined {
  const { screenshot, step } = shown;
  if (!screenshot || embedded.repeats.has(shown)) return undefined;
  const url = embedded.urls.get(shown);
  const words = shorten(stepSentence(step), 200);
  if (url)
    return html`<button type="button" class="thumb" data-step="${id}" aria-label="Enlarge the screenshot after: ${words}"><img src="${url}" alt="" decoding="async"></button>`;
  const href = safeLink(screenshot.href);
  return href ? html`<a class="file" href="${href}">Screenshot</a>` : undefined;
}
