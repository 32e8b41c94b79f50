import { factsOf, type Links, linkOf, type Tone, titleOf, toneOf } from './event-words.ts';
import type { SentEvent } from './webhook-body.ts';

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

const symbols: Readonly<Record<Tone, string>> = {
  Good: ':white_check_mark:',
  Attention: ':x:',
  Warning: ':warning:',
  Default: ':information_source:',
};
const symbolOf = (event: SentEvent): string => symbols[toneOf(event)];

/** The three characters that Slack's markup gives a meaning. */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
