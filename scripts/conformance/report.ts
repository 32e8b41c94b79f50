import type { Outcome } from './check-suite.ts';

/** A table a service (method, behaviours, passed, failed), every failure with its error, and `N passed, M failed`. */
export function report(outcomes: readonly Outcome[]): string {
  const services = Map.groupBy(outcomes, ({ service }) => service);
  const failures = outcomes.filter(failed);
  return [
    ...[...services].map(([service, of]) => table(service, of)),
    ...failures.map(failure),
    `${outcomes.length - failures.length} passed, ${failures.length} failed`,
  ].join('\n');
}

const failed = ({ error }: Outcome): boolean => error !== undefined;

function table(service: string, outcomes: readonly Outcome[]): string {
  const methods = Map.groupBy(outcomes, ({ method }) => method);
  const rows = [...methods].map(([method, of]) => counts(method, of));
  return [['method', 'behaviours', 'passed', 'failed'], ...rows, counts('all', outcomes)]
    .map(
      ([method = '', ...figures]) => `  ${method.padEnd(46)}${figures.map((figure) => figure.padStart(12)).join('')}`,
    )
    .reduce((text, row) => `${text}${row}\n`, `${service}\n`);
}

function counts(name: string, outcomes: readonly Outcome[]): string[] {
  const bad = outcomes.filter(failed).length;
  return [name, ...[outcomes.length, outcomes.length - bad, bad].map(String)];
}

function failure({ service, method, title, error }: Outcome, index: number): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${index + 1}) ${service} ${method} ${title}\n${text.replace(/^/gm, '     ')}\n`;
}
