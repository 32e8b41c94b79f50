import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { INTERRUPTED, interruption } from '../cli/interruption.ts';
import { terminalOf } from '../cli/terminal.ts';
import { costTables } from '../local/billing/cost-words.ts';
import { ChaosError, type ChaosSettings, readChaos } from '../local/chaos/settings.ts';
import { CloudError } from '../local/cloud.ts';
import { runShop, type ShopRun } from './shop-run.ts';
import { coldStartsTable, deliveriesTable, faultsTable, warehouseTables } from './tables.ts';
import { slowestCommands } from './warehouse.ts';

const terminal = terminalOf(process.stdout, { colour: true });

/** Runs the shop's tests through the whole chain and shows what came out at every end of it. */
async function demo(failing: boolean, chaos: ChaosSettings | undefined): Promise<number> {
  const { signal, release } = interruption();
  const reportFolder = resolve('virtuoso-report');
  try {
    return await runShop({ terminal, signal, reportFolder, failing, chaos }, (run) => {
      print(run);
      return verdict(run, failing);
    });
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    release();
  }
}

function print({ outcome, warehouse, receiver, cloud }: ShopRun): void {
  terminal.write(`\n${warehouseTables(warehouse, slowestCommands)}`);
  terminal.write(`\n${deliveriesTable(receiver.received)}`);
  if (cloud.faults.size > 0) terminal.write(`\n${faultsTable(cloud.faults)}`);
  terminal.write(`\n${coldStartsTable(cloud)}`);
  terminal.write(`\n${costTables(cloud.meter, outcome.report?.run.totals.steps)}`);
  terminal.write(`\nOpen the report: ${outcome.path}\n`);
}

/** The demo is right when the tests went as they must and every webhook was signed. */
function verdict({ outcome: { run, report }, receiver: { received } }: ShopRun, failing: boolean): number {
  const signed = received.length > 0 && received.every(({ verified }) => verified);
  if (!signed) terminal.write('Not every webhook was signed as it must be.\n');
  const passed = report?.sessions.filter(({ status }) => status === 'passed').length ?? 0;
  const asExpected = failing
    ? run.status !== 'passed' && passed === (report?.sessions.length ?? 0) - 1
    : run.status === 'passed';
  return signed && asExpected ? 0 : 1;
}

function options(): { failing: boolean; chaos: ChaosSettings | undefined } {
  const { failing = false, chaos } = parseArgs({
    options: { failing: { type: 'boolean' }, chaos: { type: 'string' } },
  }).values;
  return { failing, chaos: chaos === undefined ? undefined : readChaos(chaos) };
}

try {
  const { failing, chaos } = options();
  process.exit(await demo(failing, chaos));
} catch (error) {
  const isUsage = String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof CloudError || error instanceof ChaosError || isUsage)) throw error;
  process.stderr.write(`demo: ${(error as Error).message}\n`);
  process.exit(2);
}
