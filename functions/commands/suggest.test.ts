import assert from 'node:assert/strict';
import sinon from 'sinon';
import { createLearnedHabits } from '../../shared/analytics/learned-habits.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest } from '../testing.ts';
import { suggestCommands } from './suggest.ts';

const EVERYBODY = [
  ['', '', 'navigate.to', 10],
  ['', 'navigate.to', 'interact.write', 9],
  ['navigate.to', 'interact.write', 'interact.click', 8],
  ['navigate.to', 'interact.write', 'interact.key', 2],
];
const OWN = [['navigate.to', 'interact.write', 'interact.key', 90]];
const learned = (transitions: unknown) => Buffer.from(JSON.stringify({ at: '2026-01-01T00:45:00.000Z', transitions }));
const PAGE = '- textbox "E-mail"\n- button "Search"';

function bench({ own = true, everybody = true } = {}) {
  const get = sinon.stub().rejects(new AppError('not-found', 'There is no such object.'));
  if (everybody) get.withArgs('suggestions/everybody.json').resolves(learned(EVERYBODY));
  if (own) get.withArgs('suggestions/usr_1/habits.json').resolves(learned(OWN));
  const live = { getOwned: sinon.stub().resolves({ id: 'ses_1' }), commandsOf: sinon.stub().resolves([]) };
  const platform = testPlatform();
  const services = withBase({ live, habits: createLearnedHabits({ get }, platform) }, platform) as never;
  const ask = async (query: Record<string, string>) =>
    (await suggestCommands.handle(aRequest({ query }) as never, services)).body as {
      after: string[];
      items: { command: string; probability: number; steps?: { step: object }[] }[];
      learned: { at: string; own: boolean } | null;
    };
  return { get, live, ask };
}

describe('suggested commands', () => {
  it('are those that mostly came next', async () => {
    const { ask } = bench({ own: false });
    const { after, items, ...told } = await ask({ after: 'assert.url, navigate.to,interact.write', limit: '2' });
    assert.deepEqual(after, ['navigate.to', 'interact.write']);
    assert.deepEqual(
      items.map(({ command }) => command),
      ['interact.click', 'interact.key'],
    );
    assert.ok((items[0]?.probability ?? 0) > (items[1]?.probability ?? 1));
    assert.deepEqual(told, { learned: { at: '2026-01-01T00:45:00.000Z', own: false } });
  });

  it('follow what the caller does, and what nobody else sees', async () => {
    const { ask, get } = bench();
    const answer = await ask({ after: 'navigate.to,interact.write' });
    assert.equal(answer.items[0]?.command, 'interact.key');
    assert.equal(answer.learned?.own, true);
    assert.deepEqual(get.args.map(([name]) => name).sort(), [
      'suggestions/everybody.json',
      'suggestions/usr_1/habits.json',
    ]);
  });

  it('are learned once for many questions', async () => {
    const { ask, get } = bench();
    for (let n = 0; n < 5; n++) await ask({});
    assert.equal(get.callCount, 2);
  });

  it('go on from a live session, with what its page offers', async () => {
    const { ask, live } = bench({ own: false });
    const snapshot = { kind: 'full', text: PAGE };
    live.commandsOf.resolves([
      { kind: 'step', step: { command: 'navigate.to', url: '/' } },
      { kind: 'page', page: { snapshot } },
      { kind: 'step', step: { command: 'interact.write', target: 'E-mail', text: 'a' } },
    ]);
    const { after, items } = await ask({ session: 'ses_1' });
    assert.deepEqual(after, ['navigate.to', 'interact.write']);
    assert.deepEqual(items[0]?.command, 'interact.click');
    assert.deepEqual(
      items[0]?.steps?.map(({ step }) => step),
      [{ command: 'interact.click', target: 'Search' }],
    );
    assert.equal(items.find(({ command }) => command === 'interact.key')?.steps, undefined);
  });

  it('are none, and say so, before anything was learned', async () => {
    const { ask } = bench({ own: false, everybody: false });
    assert.deepEqual(await ask({}), { after: [], items: [], learned: null });
  });

  it('are refused for commands that are none, and for sessions of others', async () => {
    const { ask, live } = bench();
    await assert.rejects(
      ask({ after: 'interact.clik' }),
      appError('invalid-argument', /Did you mean 'interact\.click'/),
    );
    live.getOwned.resolves(undefined);
    await assert.rejects(ask({ session: 'ses_2' }), appError('not-found'));
  });
});
