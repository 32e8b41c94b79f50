import { createHash } from 'node:crypto';
import { formatTime } from './format.ts';
import { html, type Markup, trusted } from './markup.ts';
import { pageStyle } from './page-style.ts';

/** A figure at the top of a page, and how it stands to the period before. */
export interface Headline {
  readonly name: string;
  readonly value: string;
  /** In words: `12 % more than the week before`. */
  readonly beside?: string | undefined;
  readonly tone?: 'good' | 'bad' | undefined;
}

export interface StatisticsPage {
  readonly title: string;
  /** What time it is of, in words. */
  readonly period: string;
  readonly headlines: readonly Headline[];
  readonly sections: readonly { readonly title: string; readonly words?: string; readonly body: Markup }[];
  readonly generatedAt: string;
  readonly version: string;
}

/** A page of statistics as one file: it loads nothing and runs no script, and follows the reader's light or dark. */
export function renderStatisticsPage(page: StatisticsPage): string {
  const style = `${pageStyle}${ownStyle}`;
  const policy = `default-src 'none'; style-src '${digest(style)}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Virtuoso ${page.version}">
<title>${page.title} · ${page.period}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header class="top"><h1>${page.title}</h1><p class="period">${page.period}</p>
<dl class="headlines">${page.headlines.map(headline)}</dl></header>
<main>${page.sections.map(
    ({ title, words, body }) =>
      html`<section><h2>${title}</h2>${words !== undefined && html`<p class="words">${words}</p>`}${body}</section>`,
  )}</main>
<footer>Written by Virtuoso ${page.version} at ${formatTime(page.generatedAt)}. Days and weeks are those of UTC.</footer>
</body>
</html>
`.text;
}

const headline = ({ name, value, beside, tone }: Headline): Markup =>
  html`<div><dt>${name}</dt><dd><b>${value}</b>${beside !== undefined && html`<span class="${tone ?? 'even'}">${beside}</span>`}</dd></div>`;

/** A sentence in place of what there is none of. */
export const nothing = (sentence: string): Markup => html`<p class="nothing">${sentence}</p>`;

/** A table whose first column is names, and the others numbers. */
export function table(head: readonly string[], rows: readonly (readonly (string | Markup)[])[], empty: string): Markup {
  if (rows.length === 0) return nothing(empty);
  return html`<div class="wide"><table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, n) => (n === 0 ? html`<th scope="row"><bdi>${cell}</bdi></th>` : html`<td>${cell}</td>`))}</tr>`)}</tbody></table></div>`;
}

/** How a figure stands to the one before it. @param better which of the two is good news, if either is */
export function compared(
  now: number | null,
  before: number | null,
  options: { than: string; better?: 'more' | 'less' },
): Pick<Headline, 'beside' | 'tone'> {
  if (now === null || before === null || before === 0) return {};
  const change = (now - before) / before;
  if (Math.abs(change) < 0.005) return { beside: `as ${options.than}` };
  const more = change > 0;
  const good = options.better === undefined ? undefined : (options.better === 'more') === more ? 'good' : 'bad';
  const size = `${(Math.abs(change) * 100).toFixed(Math.abs(change) < 0.1 ? 1 : 0)} %`;
  return { beside: `${more ? '▲' : '▼'} ${size} ${more ? 'more' : 'less'} than ${options.than}`, tone: good };
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

const ownStyle = `
.one { --tone: light-dark(#2563b0, #7fb2f5) } .two { --tone: light-dark(#b25a00, #f0b35c) }
.three { --tone: light-dark(#8a2c86, #dd93d9) } .four { --tone: light-dark(#0b7d74, #56c9be) }
.period, .words { color: var(--dim) }
.period { font-size: 1.05rem; margin-top: .2rem }
.words { margin: -.4rem 0 .8rem; max-width: 46rem }
.headlines { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin-top: 1.4rem }
.headlines > div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem }
.headlines dt { color: var(--dim); font-size: .87rem }
.headlines b { display: block; font-size: 1.55rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.3 }
.headlines span { font-size: .82rem; color: var(--dim) } .headlines .good { color: var(--passed) } .headlines .bad { color: var(--failed) }
.plot { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem .9rem .5rem }
.plot svg { display: block; width: 100%; min-width: 34rem; height: auto }
.plot rect { fill: var(--tone) }
.plot polyline { fill: none; stroke: var(--tone); stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round }
.plot circle { fill: var(--card); stroke: var(--tone); stroke-width: 2 }
.plot .two polyline { stroke-dasharray: 7 4 } .plot .three polyline { stroke-dasharray: 2 4 }
.grid line { stroke: var(--line); stroke-width: 1 }
.grid text { fill: var(--dim); font-size: 11.5px; font-variant-numeric: tabular-nums }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; font-size: .85rem; color: var(--dim); margin-bottom: .4rem }
.key li::before { content: ""; display: inline-block; width: .8em; height: .8em; border-radius: 2px; background: var(--tone); margin-right: .45em; vertical-align: -.05em }
.plot summary { cursor: pointer; font-size: .82rem; color: var(--dim); padding: .25rem 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums }
th, td { padding: .38rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap }
th:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 10rem } thead th { color: var(--dim); font-weight: 500; font-size: .82rem }
tbody th { font-weight: 500 }
.rank { list-style: none; display: grid; gap: .35rem }
.rank li { display: grid; grid-template-columns: minmax(9rem, 20rem) 1fr 5.5rem; gap: .8rem; align-items: center; font-size: .9rem }
.rank svg { width: 100%; height: .8rem; border-radius: 3px; background: var(--sunk) } .rank rect { fill: var(--tone) }
.rank .name { overflow-wrap: anywhere } .rank .value { text-align: right; font-variant-numeric: tabular-nums }
.nothing { color: var(--dim) }
footer { margin-top: 2.5rem; color: var(--dim); font-size: .85rem }
@media (max-width: 40rem) {
  .rank li { grid-template-columns: 1fr auto; gap: .1rem .8rem }
  .rank svg { grid-row: 2; grid-column: 1 / -1 }
  th, td { padding: .38rem .45rem }
}
@media print { .plot, .headlines > div { break-inside: avoid } details { display: none } }
`;
