import { BigQuery } from '@google-cloud/bigquery';
import { resources } from '../../shared/resources/index.ts';

/** What the demo shows of the warehouse. */
export interface WarehouseView {
  readonly rows: ReadonlyMap<string, number>;
  readonly slowest: readonly {
    readonly command: string;
    readonly steps: number;
    readonly p50: number;
    readonly slowest: number;
  }[];
}

/** The query whose answer the demo prints. */
export const slowestCommands = `
SELECT command, COUNT(*) AS steps, APPROX_QUANTILES(duration_ms, 100)[OFFSET(50)] AS p50, MAX(duration_ms) AS slowest
FROM analytics.command_executions
WHERE status != 'skipped'
GROUP BY command
ORDER BY p50 DESC, command
LIMIT 5`.trim();

/** Reads the warehouse of a local cloud through Google's own client. */
export async function readWarehouse(origin: string, project: string): Promise<WarehouseView> {
  Object.assign(process.env, {
    BIGQUERY_EMULATOR_HOST: `${origin}/bigquery/v2`,
    GCE_METADATA_HOST: new URL(origin).host,
    METADATA_SERVER_DETECTION: 'assume-present',
  });
  const bigquery = new BigQuery({ projectId: project });
  const rows = new Map<string, number>();
  for (const { name } of resources.views) {
    const [[answer]] = await bigquery.query(`SELECT COUNT(*) AS n FROM ${resources.dataset}.${name}`);
    rows.set(name.replace(/_once$/, ''), Number(answer.n));
  }
  const [slowest] = await bigquery.query(slowestCommands);
  return { rows, slowest: slowest as WarehouseView['slowest'] };
}
