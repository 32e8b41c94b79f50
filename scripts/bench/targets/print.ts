import type { Judgement, Verdict } from './judge.ts';

/** Shares of the verdicts, a group of pages a line. */
export function printShares(title: string, judged: readonly Judgement[]): void {
  console.log(`\n${title}`);
  console.log(
    `  ${'group'.padEnd(20)} ${'cases'.padStart(6)} ${'right'.padStart(8)} ${'silently wrong'.padStart(15)} ${'ambiguous'.padStart(10)} ${'not found'.padStart(10)}`,
  );
  const groups = [...new Set(judged.map(({ group }) => group))];
  for (const group of groups)
    row(
      group,
      judged.filter((one) => one.group === group),
    );
  row('all', judged);
}

function row(name: string, judged: readonly Judgement[]): void {
  const share = (verdict: Verdict) =>
    `${((judged.filter((one) => one.verdict === verdict).length / judged.length) * 100).toFixed(1)} %`;
  console.log(
    `  ${name.padEnd(20)} ${String(judged.length).padStart(6)} ${share('right').padStart(8)} ${share('silent').padStart(15)} ${share('needlessly ambiguous').padStart(10)} ${share('not found').padStart(10)}`,
  );
}

/** Every case that is not right. */
export function printWrong(judged: readonly Judgement[]): void {
  const wrong = judged.filter(({ verdict }) => verdict !== 'right');
  console.log(`\nstill wrong: ${wrong.length}`);
  for (const { page, target, answer, verdict, got } of wrong)
    console.log(
      `  ${verdict.padEnd(21)} ${page.padEnd(16)} ${target}\n  ${' '.repeat(38)} wanted ${answer}, got ${got.slice(0, 160)}`,
    );
}
