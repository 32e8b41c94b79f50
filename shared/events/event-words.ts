import type { Commit } from '../../schemas/commit.ts';
import type { SentEvent } from './webhook-body.ts';

/** Where the things are that an event names. */
export type Links = Readonly<Record<string, string>>;
/** Something that an event tells, in words. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Names in messages: longer ones are cut. */
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

/** `Session completed: failed, Log in` */
export function titleOf({ type, data }: SentEvent): string {
  const what = words(type.replace('.', ' '));
  const name = data.test_name ?? data.name;
  const status = typeof data.status === 'string' ? `: ${data.status}` : '';
  return `${what}${status}${typeof name === 'string' ? `, ${cut(name)}` : ''}`;
}

/** What an event tells, the commit that it is about last. */
export function factsOf({ data }: SentEvent): Fact[] {
  const commit = data.commit as Commit | undefined;
  const facts = Object.entries(data)
    .filter(([name, value]) => !untold.has(name) && ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, commit ? MOST_FACTS - 1 : MOST_FACTS)
    .map(([name, value]) =>
      name.endsWith('_ms')
        ? { name: words(name.slice(0, -3)), value: `${Number(value) / 1000} s` }
        : { name: words(name.replace(/_id$/, '')), value: cut(String(value)) },
    );
  return commit ? [...facts, { name: 'Commit', value: commitName(commit) }] : facts;
}

/** The address that people open: only one that leads somewhere from outside. */
export function linkOf({ data }: SentEvent, links: Links): string | undefined {
  const report = typeof data.html === 'string' ? data.html : undefined;
  return [report, links.run, links.test, links.webhook].find((link) => link && URL.canParse(link));
}

/** How good the news is. */
export type Tone = 'Good' | 'Attention' | 'Warning' | 'Default';
const tones: Readonly<Record<string, Tone>> = {
  passed: 'Good',
  failed: 'Attention',
  error: 'Attention',
  cancelled: 'Warning',
  'test.rejected': 'Attention',
  'webhook.disabled': 'Attention',
};
export const toneOf = ({ type, data }: SentEvent): Tone => tones[String(data.status)] ?? tones[type] ?? 'Default';

const words = (name: string): string => {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
/** In one line, of whole characters: half of one makes JSON that receivers refuse. */
function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  if (line.length <= LONGEST_VALUE) return line;
  return `${line.slice(0, LONGEST_VALUE - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** `acme/shop@4f1c0a9` */
export const commitName = ({ repository, sha }: Commit): string => `${repository}@${sha.slice(0, SHORT_SHA)}`;
const SHORT_SHA = 7;
