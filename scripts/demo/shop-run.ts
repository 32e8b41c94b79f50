import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient } from '../cli/api-client.ts';
import { collectFiles } from '../cli/collect-files.ts';
import { checkFiles } from '../cli/read-tests.ts';
import { runTests } from '../cli/run-tests.ts';
import type { RunOutcome } from '../cli/see-run.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { ChaosSettings } from '../local/chaos/settings.ts';
import { type LocalCloud, startCloud } from '../local/cloud.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { startShop } from './site/server.ts';
import { readWarehouse, type WarehouseView } from './warehouse.ts';

const here = dirname(fileURLToPath(import.meta.url));
const PARALLEL = 2;
/** Acknowledgements that got lost come to light when their deadline of a minute has passed. */
const ACK_DEADLINE_MS = 61_000;
/** Under chaos what failed waits for its next attempt: some of those waits are ten seconds and more. */
const SETTLE_MS = 240_000;

export interface ShopRunOptions {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Folder of the report. */
  readonly reportFolder: string;
  /** With the test that fails. */
  readonly failing?: boolean;
  readonly chaos?: ChaosSettings | undefined;
}

/** What came out at the ends of the chain. */
export interface ShopRun {
  readonly outcome: RunOutcome;
  readonly warehouse: WarehouseView;
  readonly receiver: Receiver;
  readonly cloud: LocalCloud;
}

/**
 * Runs the shop's tests through the whole chain: upload, run, report, webhooks, warehouse. Everything is still up while
 * `look` looks at what came out, and gone afterwards.
 */
export async function runShop<T>(options: ShopRunOptions, look: (run: ShopRun) => T | Promise<T>): Promise<T> {
  const { terminal, chaos } = options;
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-demo-'));
  const shop = await startShop({ port: 0 });
  const receiver = await startReceiver();
  let cloud: LocalCloud | undefined;
  try {
    terminal.write('Starting the local cloud…\n');
    cloud = await startCloud({
      data: folder,
      limits: { 'run-session': { maxInstances: PARALLEL } },
      ...(chaos && { chaos }),
    });
    terminal.write(`The shop is at ${shop.origin}, the API at ${cloud.origin}.\n\n`);
    const outcome = await runTestsOfShop(options, { cloud, receiver, baseUrl: shop.origin });
    await cloud.settle({ timeoutMs: SETTLE_MS });
    const warehouse = await ingest(cloud, outcome);
    return await look({ outcome, warehouse, receiver, cloud });
  } finally {
    await cloud?.close();
    await receiver.close();
    await shop.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runTestsOfShop(
  { terminal, signal, reportFolder, failing }: ShopRunOptions,
  { cloud, receiver, baseUrl }: { cloud: LocalCloud; receiver: Receiver; baseUrl: string },
): Promise<RunOutcome> {
  const api = createApiClient(cloud.origin, cloud.apiKey, signal);
  const types = ['run.*', 'session.completed', 'report.ready', 'test.*'];
  receiver.secret = (await api.createWebhook(receiver.url, types)).secret;
  const files = await collectFiles([join(here, 'tests'), ...(failing ? [join(here, 'failing')] : [])]);
  const { ready } = await checkFiles(files, terminal);
  return runTests(api, { tests: ready, baseUrl, reportFolder, terminal, problems: terminal, signal });
}

/** Runs the ingestion's schedule, until every step and every session has its row. */
async function ingest(cloud: LocalCloud, { report }: RunOutcome): Promise<WarehouseView> {
  const steps = report?.run.totals.steps ?? 0;
  const sessions = report?.sessions.length ?? 0;
  for (let round = 0; ; round++) {
    await cloud.runSchedule('ingest-analytics');
    if (cloud.faults.has('drop-ack')) cloud.clock.advance(ACK_DEADLINE_MS);
    const view = await readWarehouse(cloud.origin, 'virtuoso-local');
    const complete =
      (view.rows.get('command_executions') ?? 0) >= steps && (view.rows.get('test_runs') ?? 0) >= sessions;
    if ((complete && (view.rows.get('performance_metrics') ?? 0) > 0) || round === 10) return view;
  }
}
