import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startBigquery } from './testing.ts';

describe('the local BigQuery, killed', function () {
  this.timeout(60_000);

  it('has every row it answered for, once, and takes none of them again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'virtuoso-bigquery-'));
    try {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'durability.fixture.ts'), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      let answered = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        answered = Number(line);
        if (answered >= 23 && !child.killed) child.kill('SIGKILL');
      }
      await ended;
      const bigquery = await startBigquery(folder);
      try {
        const table = bigquery.client.dataset('d').table('t');
        await table.insert([{ insertId: `row-${answered}`, json: { id: answered } }], { raw: true });
        const ids = (await bigquery.rows('SELECT id FROM d.t ORDER BY id')).map((row) => row.id);
        assert.deepEqual(
          ids,
          Array.from({ length: ids.length }, (_, index) => index + 1),
        );
        assert.ok(ids.length >= answered, `${answered} were answered, ${ids.length} are there`);
        assert.equal((await table.getMetadata())[0].numRows, String(ids.length));
      } finally {
        await bigquery.close({ keep: true });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
