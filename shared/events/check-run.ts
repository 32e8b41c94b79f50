import type { Commit } from '../../schemas/commit.ts';
import { factsOf, type Links, linkOf, titleOf } from './event-words.ts';
import type { SentEvent } from './webhook-body.ts';

/** What a check run concludes with, by the verdict that an event tells. */
const conclusions: Readonly<Record<string, string>> = {
  passed: 'success',
  failed: 'failure',
  error: 'failure',
  cancelled: 'cancelled',
};
/** Events of what has not ended. */
const unfinished: Readonly<Record<string, string>> = {
  'run.created': 'queued',
  'run.started': 'in_progress',
  'session.started': 'in_progress',
  'session.resumed': 'in_progress',
};

/**
 * The body that makes a check run at GitHub, with the event as a summary in Markdown. `head_sha` is there when a hook's
 * sender told of a commit. Nothing is sent to GitHub: who receives it does that, with an app's token.
 * @see https://docs.github.com/en/rest/checks/runs#create-a-check-run
 */
export function checkRun(event: SentEvent, links: Links): object {
  const { type, time, data } = event;
  const commit = data.commit as Commit | undefined;
  const id = data.run_id ?? data.session_id ?? data.test_id;
  const open = linkOf(event, links);
  const status = unfinished[type] ?? 'completed';
  return {
    name: 'Virtuoso',
    ...(commit ? { head_sha: commit.sha } : {}),
    ...(typeof id === 'string' ? { external_id: id } : {}),
    ...(open ? { details_url: open } : {}),
    status,
    ...(status === 'completed'
      ? { conclusion: conclusions[String(data.status)] ?? 'neutral', completed_at: time }
      : { started_at: time }),
    output: { title: titleOf(event), summary: summaryOf(event, open) },
  };
}

function summaryOf(event: SentEvent, open: string | undefined): string {
  const rows = factsOf(event).map(({ name, value }) => `| ${markdown(name)} | ${markdown(value)} |`);
  return [
    `**${markdown(titleOf(event))}**`,
    ...(rows.length > 0 ? [['| | |', '| --- | --- |', ...rows].join('\n')] : []),
    ...(open ? [`[Open](<${open}>)`] : []),
  ].join('\n\n');
}

/** Text in which nothing is a sign of Markdown's, a mention or a tag. */
const markdown = (text: string): string =>
  text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u200b');
