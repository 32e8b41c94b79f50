import assert from 'node:assert/strict';
import type { MonthData, WeekData } from '../analytics/report-data.ts';
import { renderMonthlyUsage } from './monthly-usage.ts';
import { barPlot, linePlot, rankPlot, scaleOf } from './plots.ts';
import { compared } from './statistics-page.ts';
import { formatUsd } from './usd.ts';
import { renderWeeklyPerformance } from './weekly-performance.ts';
import { readXml } from './xml.testing.ts';

const made = { generatedAt: '2026-03-09T03:00:00.000Z', version: '1.2.3' };
const week: WeekData = {
  week: '2026-03-02',
  days: [{ day: '2026-03-03', requests: 100, errors: 5, p50: 20, p95: 200, p99: 900 }],
  total: { requests: 100, errors: 5, p95: 200 },
  before: { requests: 50, errors: 5, p95: 400 },
  routes: [{ route: 'GET /v1/<x>', requests: 100, errorRate: 0.05, coldStarts: 2, p50: 20, p95: 200 }],
  flaky: [{ user: 'usr_1', name: 'Buy </td><script>alert(1)</script>', sessions: 4, notPassed: 1 }],
  slow: [{ user: 'usr_1', test: 'Buy', checkpoint: 'Pay', command: 'wait.element', p95: 8000, slowerBy: 0.5 }],
  cost: [
    { period: '2026-02-23', service: 'Firestore', usd: 2 },
    { period: '2026-03-02', service: 'Firestore', usd: 1 },
  ],
};
const month: MonthData = {
  month: '2024-02-01',
  days: [{ day: '2024-02-29', passed: 3, failed: 1, errors: 0 }],
  months: [
    { month: '2024-01', runs: 1, sessions: 2, steps: 8, passed: 1, judged: 2, gbSeconds: 10, usd: 0.01 },
    { month: '2024-02', runs: 2, sessions: 4, steps: 16, passed: 3, judged: 4, gbSeconds: 60, usd: 0.02 },
  ],
  users: [{ user: 'usr_1', runs: 2, sessions: 4, steps: 16, passed: 3, judged: 4, gbSeconds: 60, usd: 0.02 }],
  cost: [],
};

describe('a page of statistics', () => {
  const pages = { week: renderWeeklyPerformance(week, made), month: renderMonthlyUsage(month, made) };

  it('needs nothing else: it loads nothing, and runs nothing', () => {
    for (const page of Object.values(pages)) {
      assert.equal(/<script|<link|<img|url\(|https?:\/\/|@import| style=/.exec(page)?.[0], undefined);
      assert.match(page, /default-src &#39;none&#39;; style-src &#39;sha256-[^;]+&#39;/);
      assert.match(page, /light-dark\(/);
    }
  });

  it('shows what others wrote as text', () => {
    assert.match(pages.week, /Buy &lt;\/td&gt;&lt;script&gt;/);
    assert.match(pages.week, /GET \/v1\/&lt;x&gt;/);
  });

  it('stands its figures beside those of before', () => {
    assert.match(pages.week, /<dt>Requests<\/dt><dd><b>100<\/b><span class="even">▲ 100 % more than the week before/);
    assert.match(pages.week, /<dt>Errors<\/dt><dd><b>5\.00 %<\/b><span class="good">▼ 50 % less/);
    assert.match(pages.week, /<dt>Cost<\/dt><dd><b>\$1\.00<\/b><span class="good">▼ 50 % less/);
    assert.match(
      pages.month,
      /<dt>Passed<\/dt><dd><b>75\.0 %<\/b><span class="good">▲ 50 % more than the month before/,
    );
    assert.match(pages.month, /February 2024/);
  });

  it('has every day, whether something happened or not', () => {
    for (const label of ['Mon 2', 'Sun 8']) assert.ok(pages.week.includes(`>${label}</text>`), label);
    assert.equal(pages.month.match(/<th scope="row">\d+<\/th><td>/g)?.length, 29);
  });
});

describe('a plot', () => {
  const plot = {
    about: 'Two lines',
    labels: ['a', 'b', 'c'],
    format: (value: number) => `${value} x`,
    series: [
      { name: 'one', tone: 'one' as const, values: [0, 10, null] },
      { name: 'two', tone: 'two' as const, values: [5, 5, 5] },
    ],
  };

  it('stacks bars to their sum, and leaves out what is nothing', () => {
    const svg = readXml(
      `<?xml version="1.0" encoding="UTF-8"?>\n${/<svg[\s\S]*<\/svg>/.exec(barPlot(plot).text)?.[0]}`,
    );
    assert.equal(svg.attributes['aria-label'], 'Two lines');
    const rects = barPlot(plot).text.match(/<rect [^>]+>/g) ?? [];
    assert.equal(rects.length, 4);
    const heights = rects.map((rect) => Number(/height="([\d.]+)"/.exec(rect)?.[1]));
    assert.deepEqual(
      heights.map((height) => Math.round(height / (heights[0] ?? 1))),
      [1, 2, 1, 1],
    );
  });

  it('has a point where something was measured, and its numbers as a table', () => {
    const { text } = linePlot(plot);
    assert.equal(text.match(/<circle/g)?.length, 5);
    assert.match(text, /<th scope="row">c<\/th><td>–<\/td><td>5 x<\/td>/);
  });

  it('ranks by length', () => {
    const { text } = rankPlot(
      [
        { name: 'a<b', value: 4, tone: 'one' },
        { name: 'c', value: 1, tone: 'one' },
      ],
      String,
    );
    assert.match(text, /a&lt;b[\s\S]*width="100"[\s\S]*width="25"/);
  });

  it('has round steps that hold the largest value', () => {
    const expected: [number, number, number][] = [
      ...([
        [0, 1, 1],
        [7, 8, 2],
        [10, 10, 2.5],
        [103, 150, 50],
        [0.004, 0.004, 0.001],
        [40, 40, 10],
      ] as [number, number, number][]),
    ];
    for (const [largest, top, step] of expected) {
      const scale = scaleOf(largest);
      assert.ok(
        Math.abs(scale.top - top) < 1e-9 && Math.abs(scale.step - step) < 1e-9,
        `${largest}: ${JSON.stringify(scale)}`,
      );
    }
  });
});

describe('figures', () => {
  it('are compared with what there is to compare with', () => {
    assert.deepEqual(compared(1, null, { than: 'x' }), {});
    assert.deepEqual(compared(1, 0, { than: 'x' }), {});
    assert.deepEqual(compared(100, 100.1, { than: 'then' }), { beside: 'as then' });
    assert.deepEqual(compared(103, 100, { than: 'then', better: 'less' }), {
      beside: '▲ 3.0 % more than then',
      tone: 'bad',
    });
  });

  it('of money have cents at least', () => {
    const expected = { 0: '$0', 12.345: '$12.35', 0.1: '$0.10', 0.05: '$0.050', 0.00123: '$0.0012' };
    for (const [usd, text] of Object.entries(expected)) assert.equal(formatUsd(Number(usd)), text);
  });
});
