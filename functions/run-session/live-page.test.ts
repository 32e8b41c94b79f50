import assert from 'node:assert/strict';
import type { LiveCommandEntity } from '../../schemas/live.ts';
import { aLiveCommand } from '../live-mailbox.testing.ts';
import { aResult } from '../testing.ts';
import { learnedFrom } from './bench.testing.ts';
import { liveBench as bench, click, see, steps, write } from './live-bench.testing.ts';

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

  describe('suggests what could come next', () => {
    const look = { include: ['suggestions' as const] };
    const tree = '- textbox "Name"\n- button "Details"\n- button "Buy"';
    const habits = learnedFrom([
      ['', 'interact.write', 'interact.write', 20],
      ['interact.write', 'assert.visible', 'interact.click', 40],
      ['', 'interact.click', 'interact.write', 30],
    ]);
    const targets = (command?: LiveCommandEntity) => command?.suggestions?.map(({ step }) => step.target);
    const live = (done: LiveCommandEntity[], ...wanted: LiveCommandEntity[]) => {
      const fakes = bench([...done, ...wanted.map((one) => ({ ...one, look }))]);
      fakes.engineSession.look.resolves({ url: '', title: '', tree, tabs: [], notes: [], problems: [] });
      fakes.habits.of.resolves(habits);
      return fakes;
    };

    it('by the page, and by what mostly followed the commands before', async () => {
      const { run, commands, habits } = live([], ...steps(click, write, see));
      await run();
      assert.deepEqual(targets(commands[0]), ['Name', 'Buy', 'Details']);
      assert.deepEqual(targets(commands[2]), ['Buy', 'Details', 'Name']);
      assert.deepEqual(habits.of.args[0], ['usr_1']);
      const scores = commands[2]?.suggestions?.map(({ score }) => score) ?? [];
      assert.deepEqual(
        scores,
        scores.toSorted((a, b) => b - a),
      );
      assert.ok(scores.every((score) => score > 0 && score < 1));
    });

    it('whichever instance the commands before were done in', async () => {
      const [first, second] = steps(write, see) as [LiveCommandEntity, LiveCommandEntity];
      const { run, commands } = live([{ ...first, status: 'passed' }], second);
      await run();
      assert.deepEqual(targets(commands[1]), ['Buy', 'Details', 'Name']);
    });

    it('by the page alone where habits cannot be read: the command has its result', async () => {
      const { run, commands, habits, platform } = live([], ...steps(write, see));
      habits.of.rejects(new Error('the bucket is away'));
      await run();
      assert.deepEqual(targets(commands[1]), ['Name', 'Buy', 'Details']);
      assert.equal(commands[1]?.status, 'passed');
      assert.ok(platform.lines.some(({ severity, error }) => severity === 'WARNING' && /away/.test(String(error))));
    });

    it('ten at most', async () => {
      const { run, commands, engineSession } = live([], ...steps(see));
      const links = Array.from({ length: 30 }, (_, i) => `- link "Item ${i}"`).join('\n');
      engineSession.look.resolves({ url: '', title: '', tree: links, tabs: [], notes: [], problems: [] });
      await run();
      assert.equal(commands[0]?.suggestions?.length, 10);
    });
  });
});
