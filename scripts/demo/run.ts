import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient } from '../cli/api-client.ts';
import { collectFiles } from '../cli/collect-files.ts';
import { INTERRUPTED, interruption } from '../cli/interruption.ts';
import { checkFiles } from '../cli/read-tests.ts';
import { type RunOutcome, runTests } from '../cli/run-tests.ts';
import { terminalOf } from '../cli/terminal.ts';
import { CloudError, type LocalCloud, startCloud } from '../local/cloud.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { startShop } from './site/server.ts';
import { coldStartsTable, deliveriesTable, meterTable, warehouseTables } from './tables.ts';
import { readWarehouse, slowestCommands, type WarehouseView } from './warehouse.ts';

const here = dirname(fileURLToPath(import.meta.url));
const terminal = terminalOf(process.stdout, { colour: true });
const PARALLEL = 2;
const reportFolder = resolve('virtuoso-report');

/** Runs the shop's tests through the whole chain and shows what came out at every end of it. */
async function demo(failing: boolean): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-demo-'));
  const shop = await startShop({ port: 0 });
  const receiver = await startReceiver();
  let cloud: LocalCloud | undefined;
  const { signal, release } = interruption();
  try {
    terminal.write('Starting the local cloud…\n');
    cloud = await startCloud({ data: folder, limits: { 'run-session': { maxInstances: PARALLEL } } });
    terminal.write(`The shop is at ${shop.origin}, the API at ${cloud.origin}.\n\n`);
    const api = createApiClient(cloud.origin, cloud.apiKey, signal);
    receiver.secret = (
      await api.createWebhook(receiver.url, ['run.*', 'session.completed', 'report.ready', 'test.*'])
    ).secret;
    const files = await collectFiles([join(here, 'tests'), ...(failing ? [join(here, 'failing')] : [])]);
    const { ready } = await checkFiles(files, terminal);
    const outcome = await runTests(api, {
      tests: ready,
      baseUrl: shop.origin,
      reportFolder,
      terminal,
      problems: terminal,
      signal,
    });
    await cloud.settle();
    const warehouse = await ingest(cloud, outcome);
    print(outcome, warehouse, receiver, cloud);
    return verdict(outcome, receiver, failing);
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    await cloud?.close();
    await receiver.close();
    await shop.close();
    await rm(folder, { recursive: true, force: true });
    release();
  }
}

/** Runs the ingestion's schedule, until every step and every session has its row. */
async function ingest(cloud: LocalCloud, { report }: RunOutcome): Promise<WarehouseView> {
  const steps = report?.run.totals.steps ?? 0;
  const sessions = report?.sessions.length ?? 0;
  for (let round = 0; ; round++) {
    await cloud.runSchedule('ingest-analytics');
    const view = await readWarehouse(cloud.origin, 'virtuoso-local');
    const complete =
      (view.rows.get('command_executions') ?? 0) >= steps && (view.rows.get('test_runs') ?? 0) >= sessions;
    if ((complete && (view.rows.get('performance_metrics') ?? 0) > 0) || round === 10) return view;
  }
}

function print(outcome: RunOutcome, warehouse: WarehouseView, receiver: Receiver, cloud: LocalCloud): void {
  terminal.write(`\n${warehouseTables(warehouse, slowestCommands)}`);
  terminal.write(`\n${deliveriesTable(receiver.received)}`);
  terminal.write(`\n${coldStartsTable(cloud)}`);
  terminal.write(`\n${meterTable(cloud.meter, outcome.report?.run.totals.steps ?? 1)}`);
  terminal.write(`\nOpen the report: ${outcome.path}\n`);
}

/** The demo is right when the tests went as they must and every webhook was signed. */
function verdict({ run, report }: RunOutcome, { received }: Receiver, failing: boolean): number {
  const signed = received.length > 0 && received.every(({ verified }) => verified);
  if (!signed) terminal.write('Not every webhook was signed as it must be.\n');
  const passed = report?.sessions.filter(({ status }) => status === 'passed').length ?? 0;
  const asExpected = failing
    ? run.status !== 'passed' && passed === (report?.sessions.length ?? 0) - 1
    : run.status === 'passed';
  return signed && asExpected ? 0 : 1;
}

try {
  process.exit(await demo(process.argv.includes('--failing')));
} catch (error) {
  if (!(error instanceof CloudError)) throw error;
  process.stderr.write(`demo: ${error.message}\n`);
  process.exit(2);
}
