import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiOf } from './api.ts';
import { BACKOFF_MS, leaseEnd, startTokenPages, TOKEN_TEST } from './instance-lost.ts';
import type { PageServer } from './page-server.ts';
import { only, type SuiteCloud, startSuite } from './suite-cloud.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

interface Started {
  readonly origin: string;
  readonly apiKey: string;
  readonly port: number;
}

describe('a local cloud that is killed while a run is under way', () => {
  let data: string;
  let temporary: TemporaryFolder;
  let pages: PageServer;
  let child: ChildProcess | undefined;
  let suite: SuiteCloud | undefined;

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'virtuoso-chain-'));
    temporary = temporaryFolder();
    pages = await startTokenPages();
  });
  after(async () => {
    child?.kill('SIGKILL');
    await suite?.close();
    await pages?.close();
    temporary?.remove();
    await rm(data, { recursive: true, force: true });
  });

  it('finishes the run when it is started on the same folder again', async function () {
    this.timeout(180_000);
    child = fork(new URL('./killed-cloud.child.ts', import.meta.url), [data, temporary.path], { execArgv: [] });
    const [started] = (await once(child, 'message')) as [Started];
    const { upload, start } = apiOf(started.origin, started.apiKey);
    const { id } = await start([await upload('goes-on.yaml', TOKEN_TEST)], { baseUrl: pages.origin });
    await pages.visited('/three', 1);
    child.kill('SIGKILL');
    await once(child, 'exit');

    suite = await startSuite({ data, port: started.port });
    assert.equal(suite.cloud.origin, started.origin);
    assert.equal(suite.cloud.apiKey, started.apiKey);
    await leaseEnd(only(await suite.sessionsOf(id)));
    suite.cloud.clock.advance(BACKOFF_MS);
    assert.equal((await suite.ended(id)).status, 'passed');
    const session = only(await suite.sessionsOf(id));
    assert.equal(session.resumed, 1);
    assert.equal(pages.visits('/one'), 1);
    const checkpoints = await suite.checkpointsOf(session.id);
    assert.deepEqual(
      checkpoints.map(({ results }) => results.length),
      [2, 1, 2, 1],
    );
    await suite.cloud.settle();
  });
});
