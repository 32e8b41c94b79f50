import assert from 'node:assert/strict';
import type { StepResult } from '../../schemas/step.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

const source = `
test: Buys
config: { healing: apply, timeout: 6000 }
do:
  - nav: /shop
  - c: '#buy'
  - ch: Thank you
`;

/** An element whose selector has changed between two runs of a test. */
export function healing(suite: () => SuiteCloud): void {
  let pages: PageServer;
  let changed = false;
  before(async () => {
    const button = (id: string) =>
      pageOf(`<h1>Shop</h1><form><label>Name <input name="name"></label>
        <button type="button" id="${id}" onclick="document.body.append('Thank you')">Buy now</button></form>`);
    pages = await startPages({ '/shop': () => button(changed ? 'order' : 'buy') });
  });
  after(async () => {
    await pages?.close();
  });

  it('is known again by what the run before has seen of it, and that is told everywhere', async () => {
    const { upload, start, ended, sessionsOf, checkpointsOf, rows, cloud, reportOf } = suite();
    const test = await upload('buys.yaml', source);
    const run = async () => {
      const { id } = await start([test], { baseUrl: pages.origin });
      return await ended(id);
    };
    assert.equal((await run()).status, 'passed');
    changed = true;
    const second = await run();
    assert.equal(second.status, 'passed');
    const session = only(await sessionsOf(second.id));
    const checkpoint = only(await checkpointsOf(session.id));
    const click = (checkpoint.results as StepResult[])[1];
    assert.equal(click?.healed?.from, '#buy');
    assert.match(click?.healed?.to ?? '', /Buy now/);
    const reported = only(only((await reportOf(second.id)).sessions).checkpoints).steps[1];
    assert.equal(reported?.result?.healed?.from, '#buy');
    await cloud.settle();
    cloud.clock.advance(60_000);
    await cloud.settle();
    const healed = await rows(
      `SELECT healed FROM analytics.command_executions WHERE session_id = '${session.id}' AND command = 'interact.click'`,
    );
    assert.deepEqual(healed, [{ healed: true }]);
  });
}
