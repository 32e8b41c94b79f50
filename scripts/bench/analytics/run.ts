/** How fast events become rows, and rows answers: `npm run bench:analytics -- [--rows 1000000] [--events 20000]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ingestAnalytics } from '../../../functions/ingest-analytics/index.ts';
import { googleClients } from '../../chain/clients.ts';
import { startCloud } from '../../local/cloud.ts';
import { measureArrival } from './arrival.ts';
import { compareDashboards } from './dashboards.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, events: { type: 'string', default: '20000' } },
});
const [rows, events] = [Number(values.rows), Number(values.events)];

const folder = await mkdtemp(join(tmpdir(), 'virtuoso-bench-'));
const cloud = await startCloud({ functions: [ingestAnalytics], data: join(folder, 'cloud') });
const google = googleClients(cloud);
try {
  const arrival = await measureArrival(cloud, google, Math.max(1, Math.round(events / 500)));
  console.log(`From publish to queryable row: ${Math.round(arrival.perSecond)} events a second of ${arrival.events},`);
  console.log(
    `  lag p50 ${Math.round(arrival.lagP50Ms)} ms, p95 ${Math.round(arrival.lagP95Ms)} ms, one drain after the other\n`,
  );
  const compared = await compareDashboards(google, rows, folder);
  console.log(
    `Dashboards over ${rows.toLocaleString('en')} rows: the local BigQuery beside plain DuckDB on the same rows`,
  );
  for (const { name, localMs, plainMs, megabytes, unfilteredMegabytes } of compared) {
    const ratio = `${(localMs / plainMs).toFixed(2)} ×`;
    const times = `${localMs.toFixed(0).padStart(6)} ms ${plainMs.toFixed(0).padStart(6)} ms ${ratio.padStart(8)}`;
    const read = `${megabytes.toFixed(1)} MB read, ${unfilteredMegabytes.toFixed(1)} MB without the range`;
    console.log(`  ${name.padEnd(36)}${times}   ${read}`);
  }
} finally {
  await google.close();
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
}
