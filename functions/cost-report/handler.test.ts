import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { costReport } from './handler.ts';

describe('cost-report', () => {
  async function report(usd: number[]) {
    const questions = { ask: sinon.stub().resolves({ rows: usd.map((each) => ({ key: '2026-03', usd: each })) }) };
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const platform = testPlatform();
    await costReport({}, withBase({ questions, events } as never, platform) as never);
    return {
      asked: questions.ask.firstCall.args[0],
      told: events.publish.firstCall.args[0].map(toCloudEvent),
      platform,
    };
  }

  it('asks for this month, of all users, and says what it has cost', async () => {
    const { asked, told, platform } = await report([12.5]);
    assert.deepEqual([asked.from, asked.userId], [new Date('2026-03-01'), undefined]);
    assert.deepEqual(told, []);
    assert.ok(platform.lines.some(({ spent_usd }) => spent_usd === 12.5));
  });

  it('tells of each budget that is reached', async () => {
    assert.deepEqual((await report([499.99])).told, []);
    const levels = async (usd: number) => (await report([usd])).told.map(({ data }) => data.level);
    assert.deepEqual(await levels(500), ['warning']);
    assert.deepEqual(await levels(1000), ['warning', 'critical']);
  });

  it('tells the same event however often it looks in a month', async () => {
    const ids = async (usd: number) => (await report([usd])).told.map(({ id }) => id);
    assert.deepEqual(await ids(600), await ids(700));
  });

  it('has spent nothing where nothing was run', async () => {
    const { told, platform } = await report([]);
    assert.deepEqual([told, platform.lines.some(({ spent_usd }) => spent_usd === 0)], [[], true]);
  });
});
