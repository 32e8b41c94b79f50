import assert from 'node:assert/strict';
import { eventExamples } from '../../schemas/event-examples.ts';
import { subscribableTypes } from './catalogue.ts';
import { type SentEvent, webhookBody } from './webhook-body.ts';

const time = '2026-03-04T12:00:00.000Z';
const completed: SentEvent = {
  type: 'run.completed',
  time,
  data: { user_id: 'usr_1', run_id: 'run_1', status: 'failed', sessions: 3, duration_ms: 41_250 },
};
const json = (event: SentEvent, payload: 'full' | 'thin' = 'full', publicUrl = 'https://api.example') =>
  JSON.parse(webhookBody(event, { format: 'json', payload }, publicUrl)) as Record<string, unknown>;
const data = { run_id: 'run_1', status: 'failed', sessions: 3, duration_ms: 41_250 };
const links = { run: 'https://api.example/v1/runs/run_1' };

describe('the body of a delivery', () => {
  it('has type, time, data without whose they are, and links', () =>
    assert.deepEqual(json(completed), { type: 'run.completed', timestamp: time, data, links }));

  it('has paths for links where the public address is not known', () =>
    assert.deepEqual(json(completed, 'full', '').links, { run: '/v1/runs/run_1' }));

  it('has only ids and links when it is to be thin', () =>
    assert.deepEqual(json(completed, 'thin'), {
      type: 'run.completed',
      timestamp: time,
      data: { run_id: 'run_1' },
      links,
    }));

  it('is thin, and says so, rather than 20 kB', () => {
    const large = { ...completed, data: { ...completed.data, name: 'ä'.repeat(10_000) } };
    assert.deepEqual(json(large), {
      ...{ type: 'run.completed', timestamp: time, data: { run_id: 'run_1' }, truncated: true, links },
    });
    const fits = { ...completed, data: { ...completed.data, name: 'ä'.repeat(9_000) } };
    assert.equal(json(fits).truncated, undefined);
  });
});

describe('the message for a chat', () => {
  it('has a name in one line, cut between characters', () => {
    const event = (name: string) => ({ type: 'session.completed', time, data: { test_name: name, status: 'failed' } });
    const text = (name: string) =>
      (JSON.parse(webhookBody(event(name), { format: 'slack', payload: 'full' }, '')) as { text: string }).text;
    assert.equal(text('Log in\n  twice'), 'Session completed: failed, Log in twice');
    const long = text('😀'.repeat(300));
    assert.ok(long.isWellFormed());
    assert.match(long, /😀…$/);
  });

  const message = (format: 'slack' | 'teams', event: SentEvent, publicUrl = 'https://api.example') =>
    JSON.parse(webhookBody(event, { format, payload: 'full' }, publicUrl));

  it("is Slack's: a text, and blocks with verdict, facts and a link", () => {
    const { text, blocks } = message('slack', completed);
    assert.equal(text, 'Run completed: failed');
    assert.equal(blocks[0].text.text, ':x: *Run completed: failed*');
    assert.deepEqual(
      blocks[1].fields.map((field: { text: string }) => field.text),
      ['*Run*\nrun_1', '*Sessions*\n3', '*Duration*\n41.25 s'],
    );
    assert.equal(blocks[2].text.text, '<https://api.example/v1/runs/run_1|Open>');
  });

  it("keeps Slack's markup out of names", () => {
    const named = { ...completed, data: { ...completed.data, test_name: '<!channel> & <b>' } };
    assert.equal(message('slack', named).text, 'Run completed: failed, &lt;!channel&gt; &amp; &lt;b&gt;');
  });

  it("is Teams': an adaptive card with verdict, facts and a link", () => {
    const { type, attachments } = message('teams', completed);
    const [{ contentType, content }] = attachments;
    assert.deepEqual([type, contentType], ['message', 'application/vnd.microsoft.card.adaptive']);
    assert.deepEqual([content.type, content.version], ['AdaptiveCard', '1.4']);
    assert.deepEqual([content.body[0].text, content.body[0].color], ['Run completed: failed', 'Attention']);
    assert.deepEqual(content.body[1].facts[0], { title: 'Run', value: 'run_1' });
    assert.deepEqual(content.actions, [{ type: 'Action.OpenUrl', title: 'Open', url: links.run }]);
  });

  it('has no link that leads nowhere from outside', () => {
    assert.equal(message('teams', completed, '').attachments[0].content.actions, undefined);
    assert.ok(!JSON.stringify(message('slack', completed, '')).includes('|Open>'));
  });

  for (const type of subscribableTypes) {
    it(`of ${type} says whose it is to nobody, and is within what the services take`, () => {
      const event = { type, time, data: (eventExamples as Record<string, Record<string, unknown>>)[type] ?? {} };
      assert.ok(event.data.user_id);
      for (const format of ['slack', 'teams'] as const) {
        const sent = message(format, event);
        assert.ok(!JSON.stringify(sent).includes('usr_1'));
        const fields = format === 'slack' ? sent.blocks[1].fields : sent.attachments[0].content.body[1].facts;
        assert.ok(fields.length > 0 && fields.length <= 10);
      }
    });
  }
});
