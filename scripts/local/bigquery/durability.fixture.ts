import { startBigquery } from './testing.ts';

/** Streams rows 1, 2, 3, … into d.t, each in a request of its own, and prints each once it is answered, until it is killed. */
const bigquery = await startBigquery(process.argv[2]);
await bigquery.client.createDataset('d');
const [table] = await bigquery.client.dataset('d').createTable('t', { schema: 'id:INTEGER' });
for (let id = 1; ; id++) {
  await table.insert([{ insertId: `row-${id}`, json: { id } }], { raw: true });
  if (id % 5 === 0) await bigquery.rows('UPDATE d.t SET id = id WHERE id > 0');
  process.stdout.write(`${id}\n`);
}
