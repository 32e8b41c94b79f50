import { html, type Markup } from './markup.ts';

/** What a colour of a plot means: classes of the page's style, each with a sign of its own beside the colour. */
export type Tone = 'passed' | 'failed' | 'error' | 'quiet' | 'one' | 'two' | 'three' | 'four';

export interface Part {
  readonly name: string;
  readonly tone: Tone;
}

/** A plot over times or names, from left to right. A value that is null was not measured. */
export interface Plot {
  /** What it shows, for those who do not see it: a sentence. */
  readonly about: string;
  readonly labels: readonly string[];
  readonly series: readonly (Part & { readonly values: readonly (number | null)[] })[];
  /** A value for people: `1.2 s`. */
  readonly format: (value: number) => string;
}

const WIDTH = 720;
const HEIGHT = 220;
const MARGIN = { left: 62, right: 14, top: 12, bottom: 26 } as const;
const INNER = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom } as const;
/** How far from the edges lines begin and end, so that the labels below them fit. */
const INSET = 28;
/** Labels below the plot that do not overlap. */
const MOST_LABELS = 10;
const TICKS = 4;

/** Bars of stacked parts: counts and money. */
export function barPlot(plot: Plot): Markup {
  const totals = plot.labels.map((_, n) => plot.series.reduce((sum, { values }) => sum + (values[n] ?? 0), 0));
  const scale = scaleOf(Math.max(0, ...totals));
  const step = INNER.width / Math.max(1, plot.labels.length);
  const width = Math.min(56, step * 0.68);
  const bars = plot.labels.map((label, n) => {
    let base = 0;
    const parts = plot.series.map(({ tone, values }) => {
      const value = values[n] ?? 0;
      base += value;
      const height = (value / scale.top) * INNER.height;
      const x = MARGIN.left + step * (n + 0.5) - width / 2;
      return (
        value > 0 &&
        html`<rect class="${tone}" x="${round(x)}" y="${round(yOf(base, scale.top))}" width="${round(width)}" height="${round(Math.max(1, height))}"/>`
      );
    });
    const told = plot.series.map(({ name, values }) => `${name} ${plot.format(values[n] ?? 0)}`).join(', ');
    return html`<g><title>${label}: ${told}</title>${parts}</g>`;
  });
  return figure(plot, html`${grid(scale, plot.format)}${bars}${labelsBelow(plot.labels, (n) => step * (n + 0.5))}`);
}

/** Lines over times: durations and shares. */
export function linePlot(plot: Plot): Markup {
  const scale = scaleOf(Math.max(0, ...plot.series.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const last = Math.max(1, plot.labels.length - 1);
  const wide = INNER.width - 2 * INSET;
  const x = (n: number) => (plot.labels.length === 1 ? INNER.width / 2 : INSET + (wide * n) / last);
  const lines = plot.series.map(({ name, tone, values }) => {
    const points = values.map((value, n) => ({ value, n })).filter(({ value }) => value !== null);
    const at = points.map(({ value, n }) => `${round(MARGIN.left + x(n))},${round(yOf(value ?? 0, scale.top))}`);
    const dots = points.map(({ value, n }, i) => {
      const [cx, cy] = (at[i] ?? '').split(',');
      return html`<circle cx="${cx ?? ''}" cy="${cy ?? ''}" r="3.2"><title>${plot.labels[n]}: ${name} ${plot.format(value ?? 0)}</title></circle>`;
    });
    return html`<g class="${tone}"><polyline points="${at.join(' ')}"/>${dots}</g>`;
  });
  return figure(plot, html`${grid(scale, plot.format)}${lines}${labelsBelow(plot.labels, x)}`);
}

/** The plot, what its colours mean, and its numbers as a table. */
function figure(plot: Plot, drawing: Markup): Markup {
  const head = html`<tr><th scope="col"></th>${plot.series.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr>`;
  const rows = plot.labels.map(
    (label, n) =>
      html`<tr><th scope="row">${label}</th>${plot.series.map(({ values }) => html`<td>${shown(values[n] ?? null, plot.format)}</td>`)}</tr>`,
  );
  return html`<figure class="plot"><ul class="key">${plot.series.map(({ name, tone }) => html`<li class="${tone}">${name}</li>`)}</ul>
<div class="wide"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${plot.about}">${drawing}</svg></div>
<details><summary>Numbers</summary><div class="wide"><table><thead>${head}</thead><tbody>${rows}</tbody></table></div></details></figure>`;
}

const shown = (value: number | null, format: Plot['format']): string => (value === null ? '–' : format(value));

interface Scale {
  readonly top: number;
  readonly step: number;
}

/** A round step, so that about four of them hold the largest value. */
export function scaleOf(largest: number): Scale {
  if (largest <= 0) return { top: 1, step: 1 };
  const rough = largest / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
  return { top: step * Math.ceil(largest / step - 1e-9), step };
}

function grid({ top, step }: Scale, format: Plot['format']): Markup {
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, n) => n * step);
  return html`<g class="grid">${ticks.map((tick) => {
    const y = round(yOf(tick, top));
    return html`<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y}" y2="${y}"/><text x="${MARGIN.left - 8}" y="${y}" dy="0.34em" text-anchor="end">${format(tick)}</text>`;
  })}</g>`;
}

function labelsBelow(labels: readonly string[], x: (n: number) => number): Markup {
  const every = Math.ceil(labels.length / MOST_LABELS);
  return html`<g class="grid">${labels.map(
    (label, n) =>
      n % every === 0 &&
      html`<text x="${round(MARGIN.left + x(n))}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>`,
  )}</g>`;
}

const yOf = (value: number, top: number): number => MARGIN.top + INNER.height * (1 - value / top);
const round = (value: number): string => value.toFixed(1).replace(/\.0$/, '');

/** Bars from left to right with their names before them: what is largest. */
export function rankPlot(
  items: readonly { name: string; value: number; tone: Tone }[],
  format: Plot['format'],
): Markup {
  const most = Math.max(1, ...items.map(({ value }) => value));
  return html`<ol class="rank">${items.map(
    ({ name, value, tone }) =>
      html`<li class="${tone}"><span class="name"><bdi>${name}</bdi></span><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${round(Math.max(0.5, (value / most) * 100))}" height="10"/></svg><span class="value">${format(value)}</span></li>`,
  )}</ol>`;
}
