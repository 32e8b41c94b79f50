import assert from 'node:assert/strict';
import { liveAnswers } from '../../schemas/live-answers.ts';
import { liveSessionPatch } from '../../schemas/live-changes.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aLiveCommand, mailbox } from '../live-mailbox.testing.ts';
import { appError, aRequest } from '../testing.ts';
import { beginCheckpoint, listCheckpoints } from './checkpoints.ts';
import { readSession } from './handler.ts';
import { patchSession } from './patch.ts';

type Json = Record<string, unknown>;
const HOUR = 3600_000;
const at = (ms: number) => new Date(NOON + ms).toISOString();

function bench(given: Parameters<typeof mailbox>[0] = {}) {
  const box = mailbox(given);
  const services = withBase({ live: box.live }) as never;
  const params = { id: 'ses_1' };
  const patch = async (body: object, more: object = {}) =>
    (await patchSession.handle(aRequest({ params, body, ...more }) as never, services)).body as Json;
  const begin = async (name: string) =>
    await beginCheckpoint.handle(aRequest({ params, body: { name } }) as never, services);
  const list = async () =>
    ((await listCheckpoints.handle(aRequest({ params }) as never, services)).body as { items: Json[] }).items;
  const readOne = async () => (await readSession.handle(aRequest({ params }) as never, services)).body as Json;
  return { ...box, patch, begin, list, readOne };
}

describe('a live session that is changed', () => {
  it('is called and described otherwise, and shows nothing of how that is kept', async () => {
    const { patch } = bench();
    const changed = await patch({ name: 'Checkout', description: 'As a guest', config: { timeout: 5000 } });
    assert.deepEqual(
      [changed.name, changed.description, changed.config],
      ['Checkout', 'As a guest', { timeout: 5000 }],
    );
    const known = Object.keys(liveAnswers['live-session'].schema.properties);
    assert.deepEqual(
      Object.keys(changed).filter((name) => !known.includes(name)),
      [],
    );
  });

  it('ends when it is told to, within its day; and after its idle hour again', async () => {
    const { patch, session } = bench();
    assert.equal((await patch({ expiresAt: at(5 * HOUR) })).expiresAt, at(5 * HOUR));
    assert.equal(session.ends_at?.toISOString(), at(5 * HOUR));
    for (const [expiresAt, why] of [
      [at(-1), /has passed/],
      [at(24 * HOUR), /a session lives a day at most/],
    ] as const) {
      await assert.rejects(patch({ expiresAt }), (error) => {
        assert.match(JSON.stringify((error as { details: unknown }).details), why);
        return appError('unprocessable')(error);
      });
    }
    assert.equal((await patch({ expiresAt: null })).expiresAt, at(HOUR));
  });

  it('runs what is sent from then on as it is told, each change beside those before', async () => {
    const { patch, session } = bench({ session: { config: { locale: 'de-DE' } } });
    await patch({ config: { timeout: 5000 } });
    await patch({ config: { screenshots: 'none' }, replay: 'all' });
    assert.deepEqual(session.settings, { config: { timeout: 5000, screenshots: 'none' }, replay: 'all' });
    assert.deepEqual(session.config, { locale: 'de-DE', timeout: 5000, screenshots: 'none' });
    assert.equal(session.replay, 'all');
  });

  it('keeps what belongs to its browser: that is refused by name', () => {
    const [problem] = liveSessionPatch.problems({ config: { viewport: { width: 300, height: 300 } } });
    assert.match(`${problem?.pointer} ${problem?.message}`, /\/config.*viewport/);
    assert.equal(liveSessionPatch.problems({ baseUrl: 'https://b.example' }).length, 1);
  });

  it('is the same for who reads it while its lease is renewed', async () => {
    const { readOne, session } = bench();
    const before = JSON.stringify(await readOne());
    Object.assign(session, { updated_at: new Date(NOON + 1000), lease: { owner: 'o', expires_at: new Date(NOON) } });
    assert.equal(JSON.stringify(await readOne()), before);
  });

  it('is not changed by who has not seen what it is now', async () => {
    const { patch, session } = bench();
    const headers = { 'if-match': '"other"' };
    await assert.rejects(patch({ name: 'x' }, { headers }), appError('precondition-failed'));
    assert.equal(session.name, undefined);
  });

  it('takes but another name when it has ended', async () => {
    const { patch } = bench({ session: { status: 'closed' } });
    assert.equal((await patch({ name: 'Old' })).name, 'Old');
    await assert.rejects(patch({ expiresAt: at(HOUR) }), appError('conflict', /closed/));
    await assert.rejects(patch({ replay: 'none' }), appError('conflict'));
  });
});

describe('the checkpoints of a live session', () => {
  const commands = [
    aLiveCommand({ position: 1, status: 'passed' }),
    aLiveCommand({ position: 2, kind: 'page', status: 'passed' }),
    aLiveCommand({ position: 3, status: 'failed' }),
    aLiveCommand({ position: 4 }),
  ];

  it('are its commands in groups, each with how it went', async () => {
    const checkpoints = [
      { name: 'Pay', from: 3, created_at: new Date(NOON) },
      { name: 'Leave', from: 5, created_at: new Date(NOON) },
    ];
    const { list } = bench({ commands, session: { checkpoints } });
    assert.deepEqual(
      (await list()).map(({ createdAt: _at, ...one }) => one),
      [
        { position: 0, name: 'Start', from: 1, commands: 1, passed: 1, failed: 0, status: 'passed' },
        { position: 1, name: 'Pay', from: 3, commands: 2, passed: 0, failed: 1, status: 'running' },
        { position: 2, name: 'Leave', from: 5, commands: 0, passed: 0, failed: 0, status: 'pending' },
      ],
    );
  });

  it('begin with the next command', async () => {
    const { begin, session, list } = bench({ commands });
    const { status, body } = await begin('Pay');
    const { name, from, position } = body as Json;
    assert.deepEqual([status, name, from, position], [201, 'Pay', 5, 1]);
    assert.equal(session.checkpoints?.length, 1);
    const fresh = bench();
    assert.equal(((await fresh.begin('Log in')).body as Json).position, 0);
    assert.deepEqual((await list()).length, 2);
  });

  it('are no more when there are too many, or the session has ended', async () => {
    const one = { name: 'x', from: 1, created_at: new Date(NOON) };
    await assert.rejects(
      bench({ session: { checkpoints: Array(200).fill(one) } }).begin('Next'),
      appError('unprocessable', /200/),
    );
    await assert.rejects(bench({ session: { status: 'expired' } }).begin('Next'), appError('conflict', /expired/));
  });
});
