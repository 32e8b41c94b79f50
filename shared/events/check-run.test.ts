import assert from 'node:assert/strict';
import { eventExamples } from '../../schemas/event-examples.ts';
import { checkRun } from './check-run.ts';
import type { SentEvent } from './webhook-body.ts';

describe("the body of GitHub's check run", () => {
  const time = '2026-03-04T12:00:00.000Z';
  const links = { run: 'https://api.example/v1/runs/run_1' };
  const made = (event: Partial<SentEvent>) =>
    checkRun({ type: 'run.completed', time, data: {}, ...event }, links) as Record<string, unknown> & {
      output: { title: string; summary: string };
    };
  const { user_id: _userId, ...data } = eventExamples['run.completed'];

  it('names the commit, says how it ended and where to look', () => {
    const { output, ...rest } = made({ data });
    assert.deepEqual(rest, {
      ...{ name: 'Virtuoso', head_sha: data.commit.sha, external_id: data.run_id, details_url: links.run },
      ...{ status: 'completed', conclusion: 'failure', completed_at: time },
    });
    assert.equal(output.title, 'Run completed: failed');
    const lines = output.summary.split('\n');
    assert.equal(lines[0], '**Run completed: failed**');
    assert.ok(lines.includes('| Sessions | 3 |'));
    assert.ok(lines.includes('| Duration | 41.25 s |'));
    assert.ok(lines.includes('| Commit | acme/shop@\u200b4f1c0a9 |'), output.summary);
    assert.equal(lines.at(-1), '[Open](<https://api.example/v1/runs/run_1>)');
  });

  for (const [status, conclusion] of Object.entries({
    ...{ passed: 'success', failed: 'failure', error: 'failure', cancelled: 'cancelled' },
  }))
    it(`concludes with ${conclusion} where a run is ${status}`, () =>
      assert.equal(made({ data: { status } }).conclusion, conclusion));

  it('is under way until the run has ended', () => {
    assert.equal(made({ type: 'run.created' }).status, 'queued');
    const { status, conclusion, started_at } = made({ type: 'run.started' });
    assert.deepEqual([status, conclusion, started_at], ['in_progress', undefined, time]);
  });

  it('is neutral where nothing was judged', () => assert.equal(made({ type: 'test.imported' }).conclusion, 'neutral'));

  it('has no Markdown, tag or mention of a name', () => {
    const { summary } = made({
      type: 'test.imported',
      data: { name: 'A | *b* <img src=x>\n# [x](y) @everyone' },
    }).output;
    assert.equal(
      summary.split('\n')[0],
      '**Test imported, A \\| \\*b\\* &lt;img src=x&gt; \\# \\[x\\]\\(y\\) @\u200beveryone**',
    );
  });
});
