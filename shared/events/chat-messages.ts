import type { SentEvent } from './webhook-body.ts';

type Links = Readonly<Record<string, string>>;
interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Names in messages of chats: longer ones are cut. */
const LONGEST_VALUE = 300;
/** Slack takes this many fields in a section. */
const MOST_FACTS = 10;
/** Of these the title tells, or nobody wants to read them. */
const untold = new Set([
  'status',
  'name',
  'test_name',
  'content_hash',
  'gb_seconds',
  'billable_operations',
  'cold_start',
]);

/** The message of Slack's incoming webhooks: Block Kit, with a text for notifications. */
export function slackMessage(event: SentEvent, links: Links): object {
  const title = titleOf(event);
  const facts = factsOf(event);
  const open = linkOf(event, links);
  const fields = facts.map(({ name, value }) => ({ type: 'mrkdwn', text: `*${name}*\n${slackText(value)}` }));
  return {
    text: slackText(title),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `${symbolOf(event)} *${slackText(title)}*` } },
      ...(fields.length > 0 ? [{ type: 'section', fields }] : []),
      ...(open ? [{ type: 'section', text: { type: 'mrkdwn', text: `<${open}|Open>` } }] : []),
      { type: 'context', elements: [{ type: 'mrkdwn', text: `Virtuoso · ${event.type} · ${event.time}` }] },
    ],
  };
}

/** The message of Microsoft Teams' incoming webhooks and workflows: an Adaptive Card. */
export function teamsMessage(event: SentEvent, links: Links): object {
  const open = linkOf(event, links);
  const facts = factsOf(event).map(({ name, value }) => ({ title: name, value }));
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            {
              type: 'TextBlock',
              text: titleOf(event),
              weight: 'Bolder',
              size: 'Medium',
              wrap: true,
              color: toneOf(event),
            },
            ...(facts.length > 0 ? [{ type: 'FactSet', facts }] : []),
            {
              type: 'TextBlock',
              text: `Virtuoso · ${event.type} · ${event.time}`,
              isSubtle: true,
              wrap: true,
              size: 'Small',
            },
          ],
          ...(open ? { actions: [{ type: 'Action.OpenUrl', title: 'Open', url: open }] } : {}),
        },
      },
    ],
  };
}

/** `Session completed: failed, Log in` */
function titleOf({ type, data }: SentEvent): string {
  const what = words(type.replace('.', ' '));
  const name = data.test_name ?? data.name;
  const status = typeof data.status === 'string' ? `: ${data.status}` : '';
  return `${what}${status}${typeof name === 'string' ? `, ${cut(name)}` : ''}`;
}

function factsOf({ data }: SentEvent): Fact[] {
  return Object.entries(data)
    .filter(([name, value]) => !untold.has(name) && ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, MOST_FACTS)
    .map(([name, value]) =>
      name.endsWith('_ms')
        ? { name: words(name.slice(0, -3)), value: `${Number(value) / 1000} s` }
        : { name: words(name.replace(/_id$/, '')), value: cut(String(value)) },
    );
}

/** Only an address that leads somewhere from outside. */
function linkOf({ data }: SentEvent, links: Links): string | undefined {
  const report = typeof data.html === 'string' ? data.html : undefined;
  return [report, links.run, links.test, links.webhook].find((link) => link && URL.canParse(link));
}

type Tone = 'Good' | 'Attention' | 'Warning' | 'Default';
const tones: Readonly<Record<string, Tone>> = {
  passed: 'Good',
  failed: 'Attention',
  error: 'Attention',
  cancelled: 'Warning',
  'test.rejected': 'Attention',
  'webhook.disabled': 'Attention',
};
const symbols: Readonly<Record<Tone, string>> = {
  Good: ':white_check_mark:',
  Attention: ':x:',
  Warning: ':warning:',
  Default: ':information_source:',
};
const toneOf = ({ type, data }: SentEvent): Tone => tones[String(data.status)] ?? tones[type] ?? 'Default';
const symbolOf = (event: SentEvent): string => symbols[toneOf(event)];

const words = (name: string): string => {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
const cut = (text: string): string => (text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text);
/** The three characters that Slack's markup gives a meaning. */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
