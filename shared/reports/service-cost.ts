import type { ServiceCost } from '../analytics/report-data.ts';
import type { Markup } from './markup.ts';
import { barPlot, type Tone } from './plots.ts';
import { nothing } from './statistics-page.ts';
import { formatUsd } from './usd.ts';

const TONES: readonly Tone[] = ['one', 'two', 'three', 'four'];

/** What each service cost, period after period. */
export function costPlot(cost: readonly ServiceCost[], about: string): Markup {
  if (cost.length === 0) return nothing('Nothing was used.');
  const periods = [...new Set(cost.map(({ period }) => period))].sort();
  const services = [...new Set(cost.map(({ service }) => service))].sort();
  const usd = (period: string, service: string) =>
    cost.find((one) => one.period === period && one.service === service)?.usd ?? 0;
  return barPlot({
    about,
    labels: periods.map((period) => period.slice(5)),
    series: services.map((service, n) => ({
      name: service,
      tone: TONES[n % TONES.length] ?? 'one',
      values: periods.map((period) => usd(period, service)),
    })),
    format: formatUsd,
  });
}
