import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LiveCommandEntity } from '../../schemas/live.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aLiveCommand, mailbox } from '../live-mailbox.testing.ts';
import { aLibraryCheckpoint, appError, aRequest, aResult } from '../testing.ts';
import { readCommand, sendCommands } from './commands.ts';
import { readPage } from './page.ts';
import { saveSession } from './save.ts';

type Json = Record<string, unknown>;

/** The routes with a mailbox whose instance answers each command at once with `answer`, or never without one. */
function bench(given: Parameters<typeof mailbox>[0] = {}, answer?: Partial<LiveCommandEntity>) {
  const box = mailbox(given);
  const platform = testPlatform();
  box.live.waitForResult.callsFake(async (id, ms) => {
    if (answer) for (const { position } of box.commands) box.change(position, answer);
    else platform.clock.time += ms;
    return box.commands.find((one) => one.id === id);
  });
  const wake = { enqueue: sinon.stub().resolves() };
  const library = { find: sinon.stub().resolves(undefined), names: sinon.stub().resolves(['log in']) };
  const artifacts = { get: sinon.stub().resolves(Buffer.from('jpeg')) };
  const files = { put: sinon.stub().resolves('1') };
  const services = withBase({ live: box.live, wake, library, artifacts, files }, platform) as never;
  const params = { id: 'ses_1' };
  const send = (body: object, more: object = {}) =>
    sendCommands.handle(aRequest({ method: 'POST', params, body, ...more }) as never, services);
  const save = (body: object, more: object = {}) =>
    saveSession.handle(aRequest({ method: 'POST', params, body, ...more }) as never, services);
  const look = (query: object = {}, more: object = {}) =>
    readPage.handle(aRequest({ params, query, ...more }) as never, services);
  const readOne = (n: string, more: object = {}) =>
    readCommand.handle(aRequest({ params: { ...params, n }, ...more }) as never, services);
  return { ...box, platform, wake, library, artifacts, files, send, save, look, readOne };
}

const passed: Partial<LiveCommandEntity> = { status: 'passed', result: aResult() };

describe('commands of a live session', () => {
  it('that were taken before the session was closed are told to have no result', async () => {
    const { send, live } = bench();
    live.append.onSecondCall().resolves({ kind: 'over', status: 'closed' });
    await assert.rejects(send({ step: 'click Go' }), appError('conflict', /was closed before .* had a result/));
    live.append.onThirdCall().resolves({ kind: 'over', status: 'closed' });
    await assert.rejects(send({ step: 'click Go' }), appError('conflict', /is closed: it takes no more commands/));
  });

  for (const [how, body] of Object.entries({
    'in the body itself': { command: 'interact.click', target: 'Go', include: ['snapshot'] },
    'as a sentence': { step: 'click Go', include: ['snapshot'] },
    'in canonical form': { step: { command: 'interact.click', target: 'Go' }, include: ['snapshot'] },
    'in the compact form': { step: { c: 'Go' }, include: ['snapshot'] },
  })) {
    it(`are taken ${how}`, async () => {
      const { send, live } = bench({}, passed);
      const { status, body: answer, headers } = await send(body);
      const [{ step, look, stop_on_error }] = live.append.firstCall.args[2] as [LiveCommandEntity];
      assert.deepEqual(step, { command: 'interact.click', target: 'Go' });
      assert.deepEqual([look, stop_on_error], [{ include: ['snapshot'] }, true]);
      const { n, result } = answer as { n: number; result: Json };
      assert.deepEqual([status, n, result.durationMs], [200, 1, 12]);
      assert.equal(headers?.location, '/v1/sessions/ses_1/commands/1');
    });
  }

  it('are run in order, and answered together', async () => {
    const { send, wake } = bench({}, passed);
    const { status, body } = await send({ steps: ['click A', 'click B'], stopOnError: false });
    assert.equal(status, 200);
    assert.deepEqual(
      (body as { items: Json[] }).items.map(({ n, status: one }) => [n, one]),
      [
        [1, 'passed'],
        [2, 'passed'],
      ],
    );
    const [[task]] = wake.enqueue.firstCall.args;
    assert.deepEqual([task.to, task.payload], ['run-session', { session_id: 'ses_1' }]);
    assert.equal(wake.enqueue.callCount, 1);
  });

  it('are refused together when one is wrong, each with what is wrong and how to mend it', async () => {
    const { send, live } = bench();
    const steps = [
      'click A',
      { command: 'interact.clik', target: 'B' },
      'frobnicate',
      7,
      { group: 'x', do: ['click A'] },
    ];
    await assert.rejects(send({ steps }), (error) => {
      assert.ok(error instanceof AppError && error.code === 'unprocessable');
      const told = error.details.map(({ pointer, message }) => `${pointer} ${message}`);
      assert.deepEqual(told.slice(0, 2), [
        "/steps/1 there is no command 'interact.clik'",
        '/steps/2 the sentence is not understood',
      ]);
      assert.deepEqual(
        [...new Set(error.details.map(({ pointer }) => pointer))],
        ['/steps/1', '/steps/2', '/steps/3', '/steps/4'],
      );
      assert.equal(error.details[0]?.hint, "Did you mean 'interact.click'?");
      return true;
    });
    assert.equal(live.append.callCount, 0);
  });

  it('are refused when there are none, several ways of them, fields that nobody knows, or more than a document holds', async () => {
    const { send } = bench();
    await assert.rejects(send({}), appError('invalid-argument'));
    await assert.rejects(send({ step: 'click A', steps: ['click B'] }), appError('invalid-argument'));
    await assert.rejects(send({ step: 'click A', target: 'B' }), appError('invalid-argument'));
    await assert.rejects(send({ command: 'interact.click', target: 'A', foo: 1 }), appError('unprocessable'));
    const text = 'x'.repeat(150_000);
    await assert.rejects(send({ command: 'misc.comment', text }), appError('unprocessable'));
  });

  it('have the steps of what they use of the library in them', async () => {
    const { send, library, live } = bench({}, passed);
    library.find.resolves(aLibraryCheckpoint());
    await send({ step: { command: 'control.use', checkpoint: 'log in' } });
    const [{ step }] = live.append.firstCall.args[2] as unknown as [{ step: Json }];
    assert.match(JSON.stringify(step), /"target":"Log in"/);
    library.find.resolves(undefined);
    await assert.rejects(send({ step: { command: 'control.use', checkpoint: 'log out' } }), appError('unprocessable'));
  });

  it('are answered with where to look when they take longer than is waited', async () => {
    const { send, platform, live } = bench();
    const before = platform.clock.time;
    const { status, body, headers } = await send({ step: 'click A' });
    assert.deepEqual([status, (body as Json).status], [202, 'pending']);
    assert.equal(headers?.location, '/v1/sessions/ses_1/commands/1');
    assert.equal(platform.clock.time - before, 60_000);
    // It is looked every ten seconds whether the instance is still there.
    assert.equal(live.append.callCount, 7);
    const at = platform.clock.time;
    assert.equal((await send({ step: 'click A' }, { waitSeconds: 0 })).status, 202);
    assert.equal(platform.clock.time, at);
  });

  it('are woken again when their instance has died', async () => {
    const { send, live, wake, commands } = bench();
    live.append.onSecondCall().callsFake(async () => ({ kind: 'appended', commands: [...commands], wake: true }));
    await send({ step: 'click A' });
    assert.equal(wake.enqueue.callCount, 2);
    const names = wake.enqueue.args.map(([[{ name }]]) => name);
    assert.equal(new Set(names).size, 2);
  });

  it('are the same for the same key', async () => {
    const { send, commands } = bench({}, passed);
    const headers = { 'idempotency-key': 'k' };
    const [first, again] = [await send({ step: 'click A' }, { headers }), await send({ step: 'click A' }, { headers })];
    assert.deepEqual(first.body, again.body);
    assert.equal(commands.length, 1);
    await send({ step: 'click A' }, { headers: { 'idempotency-key': 'other' } });
    assert.equal(commands.length, 2);
  });

  it("are refused by a session that has ended, that has too many waiting, or that is somebody else's", async () => {
    await assert.rejects(
      bench({ session: { status: 'expired' } }).send({ step: 'click A' }),
      appError('conflict', /expired/),
    );
    const full = bench();
    full.live.append.resolves({ kind: 'full', waiting: 1000 });
    await assert.rejects(full.send({ step: 'click A' }), appError('rate-limited'));
    await assert.rejects(bench({ session: { user_id: 'usr_2' } }).send({ step: 'click A' }), appError('not-found'));
  });

  it('are read by their numbers, and waited for', async () => {
    const { readOne } = bench({ commands: [aLiveCommand()] }, passed);
    assert.equal(((await readOne('1')).body as Json).status, 'pending');
    assert.equal(((await readOne('1', { waitSeconds: 5 })).body as Json).status, 'passed');
    for (const n of ['2', '0', 'x', '1e3']) await assert.rejects(readOne(n), appError('not-found'));
  });
});

describe("a live session's page", () => {
  const snapshot = { kind: 'full' as const, text: '- button "Go"' };
  const page = { url: 'https://a.example/', title: 'A', snapshot, tabs: [], notes: [], problems: [] };

  it('is looked at for clients that prefer not to wait, too: there is no later', async () => {
    const page = { url: 'https://a.example/', title: 'A', tabs: [], notes: [], problems: [] };
    const { look } = bench({}, { status: 'passed', result: aResult(), page } as never);
    assert.equal((await look({}, { waitSeconds: 0 })).status, 200);
  });

  it('is looked at by a command of its own', async () => {
    const { look, live, artifacts } = bench({}, { status: 'passed', page });
    const { status, body } = await look();
    assert.deepEqual([status, body], [200, { n: 1, ...page }]);
    const [{ kind, screenshot }] = live.append.firstCall.args[2] as [LiveCommandEntity];
    assert.deepEqual([kind, screenshot, artifacts.get.callCount], ['page', false, 0]);
  });

  it('comes with a picture where it is wanted', async () => {
    const shown = { ...page, screenshot_object: 'ses_1/1/page.jpg' };
    const { look, artifacts } = bench({}, { status: 'passed', page: shown });
    const { screenshot, screenshot_object } = (await look({ screenshot: 'true' })).body as Json;
    const data = Buffer.from('jpeg').toString('base64');
    assert.deepEqual([screenshot, screenshot_object], [{ contentType: 'image/jpeg', data }, undefined]);
    assert.deepEqual(artifacts.get.args, [['ses_1/1/page.jpg']]);
  });

  it('is not there in time, cannot be shown, or is gone', async () => {
    await assert.rejects(bench().look(), appError('unavailable'));
    const result = aResult({ status: 'error', error: { type: 'page-crashed', message: 'crashed' } });
    await assert.rejects(bench({}, { status: 'error', result }).look(), appError('unavailable', /crashed/));
    await assert.rejects(bench({ session: { status: 'closed' } }).look(), appError('not-found', /closed/));
  });
});

describe('a live session that is saved', () => {
  const step = (position: number, target: string, more: Partial<LiveCommandEntity> = {}) =>
    aLiveCommand({ position, step: { command: 'interact.click', target } as never, status: 'passed', ...more });
  const commands = [
    step(1, 'A'),
    step(2, 'B', { status: 'failed' }),
    aLiveCommand({ position: 3, kind: 'page', status: 'passed' }),
    step(4, 'C'),
  ];

  for (const [form, expected] of [
    ['canonical', /command: interact.click, target: A[\s\S]*target: C/],
    ['compact', /c: A[\s\S]*c: C/],
  ] as const) {
    it(`is the commands that passed, in the ${form} form`, async () => {
      const { save, files } = bench({ commands, session: { base_url: 'https://a.example' } });
      const { status, body } = await save({ name: 'Buy it', form });
      const { text } = body as { text: string };
      assert.equal(status, 200);
      assert.match(text, expected);
      assert.match(text, /https:\/\/a\.example/);
      assert.doesNotMatch(text, /\bB\b/);
      assert.equal(files.put.callCount, 0);
    });
  }

  it('has the checkpoints that were begun, without those in which nothing passed', async () => {
    const checkpoints = [2, 4].map((from) => ({ name: `From ${from}`, from, created_at: new Date() }));
    const { save } = bench({ commands, session: { checkpoints } });
    const { text } = (await save({ name: 'Buy it' })).body as { text: string };
    assert.deepEqual(
      [...text.matchAll(/(?:checkpoint|name): (.*)/g)].map(([, name]) => name),
      ['Buy it', 'Start', 'From 4'],
    );
  });

  it('becomes a test where it is stored', async () => {
    const { save, files } = bench({ commands });
    const { status, body, headers } = await save({ name: 'Buy it!', store: true });
    const { text, test } = body as { text: string; test: { id: string } };
    assert.deepEqual([status, headers?.location], [202, `/v1/tests/${test.id}`]);
    const [name, stored, { metadata }] = files.put.firstCall.args;
    assert.deepEqual([name, stored, metadata.owner], ['tests/usr_1/live/buy-it.yaml', text, 'usr_1']);
    const caller = { userId: 'usr_1', scopes: ['sessions:write'], keyHash: '' };
    await assert.rejects(save({ name: 'x', store: true }, { caller }), appError('permission-denied', /tests:write/));
  });

  it('uses the library as the commands did', async () => {
    const use = { command: 'control.use', checkpoint: 'log in', steps: [{ command: 'interact.click', target: 'In' }] };
    const { save } = bench({ commands: [aLiveCommand({ step: use as never, status: 'passed' })] });
    const { text } = (await save({ name: 'x' })).body as { text: string };
    assert.match(text, /checkpoint: log in/);
    assert.doesNotMatch(text, /target/);
  });

  it('is refused while nothing has passed', async () => {
    await assert.rejects(bench().save({ name: 'x' }), appError('unprocessable', /passed/));
  });
});
