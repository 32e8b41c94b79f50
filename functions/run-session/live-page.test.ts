import assert from 'node:assert/strict';
import type { LiveCommandEntity } from '../../schemas/live.ts';
import { aLiveCommand } from '../live-mailbox.testing.ts';
import { aResult } from '../testing.ts';
import { liveBench as bench, click, see, steps } from './live-bench.testing.ts';

describe('a live session that is looked at', () => {
  it('shows its page with the problems since the last time, and a picture', async () => {
    const page = (position: number) => aLiveCommand({ position, kind: 'page', screenshot: true });
    const { run, commands, engineSession, artifacts } = bench([steps(see)[0] as LiveCommandEntity, page(2), page(3)]);
    const results = [aResult({ problems: ['console error: Oh'] })];
    engineSession.runCheckpoint.resolves({ status: 'passed', stop: false, results });
    await run();
    assert.deepEqual(commands[1]?.page, {
      url: 'https://a.example/',
      title: 'A',
      tabs: [],
      notes: [],
      snapshot: { kind: 'full', text: '- button "Go"' },
      problems: ['console error: Oh'],
      screenshot_object: 'ses_1/2/page.jpg',
    });
    assert.deepEqual(commands[2]?.page?.problems, []);
    assert.equal(String(artifacts.put.firstCall.args[1]), 'jpeg');
  });

  it('shows the dialog that hides its page, and keeps neither a picture nor a state meanwhile', async () => {
    const look = { include: ['snapshot' as const, 'suggestions' as const] };
    const shown = aLiveCommand({ position: 2, kind: 'page', screenshot: true });
    const { run, commands, engineSession, artifacts, session } = bench([
      { ...(steps(click)[0] as LiveCommandEntity), look },
      shown,
    ]);
    const dialog = { kind: 'confirm', message: 'Sure?' };
    engineSession.dialog.returns(dialog);
    engineSession.look.resolves({
      url: 'https://a.example/',
      title: '',
      tree: '',
      tabs: [],
      notes: [],
      problems: [],
      dialog,
    });
    await run();
    assert.deepEqual(commands[0]?.suggestions?.[0]?.step, { command: 'dialog.confirm', accept: true });
    assert.deepEqual([commands[0]?.snapshot, commands[1]?.page?.dialog], [undefined, dialog]);
    assert.deepEqual(
      [artifacts.put.callCount, session.state_object, engineSession.picture.callCount],
      [0, undefined, 0],
    );
  });

  it('shows after a command what was asked for: the tree as its difference from the last, what could come next, candidates', async () => {
    const look = { include: ['snapshot' as const, 'suggestions' as const, 'candidates' as const] };
    const { run, commands } = bench(steps(see, see).map((one) => ({ ...one, look })));
    await run();
    assert.deepEqual(
      commands.map(({ snapshot }) => snapshot?.kind),
      ['full', 'same'],
    );
    assert.deepEqual(commands[0]?.suggestions?.[0]?.step, { command: 'interact.click', target: 'Go' });
    assert.deepEqual(commands[0]?.candidates, [{ role: 'button', name: 'Go', target: 'Go' }]);
  });
});
