import type { RunReport } from '../../schemas/report.ts';

/** The report as the JSON document that programs read (`results.json`); it fits the contract `run-report`. */
export function renderResultsJson(report: RunReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
