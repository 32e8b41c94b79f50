import { stripVTControlCharacters } from 'node:util';
import { StepError } from './step-error.ts';

/** What was going on when something went wrong. */
interface Situation {
  readonly command: string;
  readonly timeoutMs: number;
  /** Hides secrets: before a message is shortened, which could cut one in two. */
  readonly mask: (text: string) => string;
}

/** Makes a StepError of whatever a step threw. */
export function toStepError(error: unknown, situation: Situation): StepError {
  if (error instanceof StepError) return error;
  // Playwright writes for terminals.
  const message = situation.mask(stripVTControlCharacters(error instanceof Error ? error.message : String(error)));
  return (
    fromNavigation(message, error) ??
    fromAction(message, error, situation) ??
    fromPage(message, error) ??
    unknown(message, error)
  );
}

const networkErrors: readonly (readonly [RegExp, string, string])[] = [
  [/ERR_CONNECTION_REFUSED/, 'nothing answers at', 'Is the site running, and is the port right?'],
  [
    /ERR_CONNECTION_(RESET|CLOSED)|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/,
    'the connection was dropped by',
    'Does the site speak http (or https) at this port?',
  ],
  [
    /ERR_CONNECTION_TIMED_OUT|ERR_TIMED_OUT|ERR_ADDRESS_UNREACHABLE/,
    'the site did not answer at',
    'Is it running, and can this network reach it?',
  ],
  [
    /ERR_CONTENT_LENGTH_MISMATCH|ERR_INCOMPLETE_CHUNKED_ENCODING/,
    'the answer was cut off at',
    'The site, or something on the way to it, hung up in the middle.',
  ],
  [/ERR_NAME_NOT_RESOLVED/, 'there is no host with the name in', 'Check the spelling of the address.'],
  [
    /ERR_INTERNET_DISCONNECTED/,
    'there is no network to reach',
    'Check the network of the machine that runs the browser.',
  ],
  [
    /ERR_CERT|ERR_SSL/,
    'there is no safe connection to',
    'Its certificate is not trusted, has ended, or is for another name.',
  ],
  [/ERR_TOO_MANY_REDIRECTS/, 'the site redirects in a circle at', 'Look at its redirects; often a cookie is missing.'],
  [
    /ERR_PROXY_CONNECTION_FAILED|ERR_TUNNEL_CONNECTION_FAILED/,
    'there was no way to',
    'Nothing answers there, or the address is private: those are not reachable from a test.',
  ],
  [/ERR_ABORTED/, 'the browser gave up opening', 'It may be a download, or the page itself went elsewhere meanwhile.'],
  [
    /ERR_BLOCKED_BY_(CLIENT|RESPONSE|ADMINISTRATOR)/,
    'the browser refuses to open',
    'Private addresses are not reachable from a test.',
  ],
];

function fromNavigation(message: string, cause: unknown): StepError | undefined {
  const net = /net::(ERR_\w+)(?: at (\S+))?/.exec(message);
  if (!net) return undefined;
  const [, words = 'the browser could not open', hint = 'See the name of the error.'] =
    networkErrors.find(([test]) => test.test(net[1] ?? '')) ?? [];
  return new StepError('navigation-failed', `${words} ${net[2] ?? 'the address'} (${net[1]})`, { hint, cause });
}

function fromAction(message: string, cause: unknown, { command, timeoutMs }: Situation): StepError | undefined {
  if (/strict mode violation/.test(message)) {
    return new StepError('ambiguous-target', 'more than one element fits', {
      hint: 'Name one of them by a selector or @testid.',
      cause,
    });
  }
  if (
    /Element is not an? |not a checkbox or radio|Node is not an|not an <input>|Input of type|Malformed value|Cannot type text|did not change its state|Cannot uncheck radio|not editable/i.test(
      message,
    ) &&
    !/Timeout/.test(message)
  ) {
    return new StepError('not-actionable', firstLine(message), {
      hint: 'The element is of another kind than the command needs.',
      cause,
    });
  }
  if (!/Timeout [\d.]+ms exceeded/.test(message)) return undefined;
  if (command.startsWith('navigate.') && /goto|goBack|goForward|reload|navigating to/i.test(message)) {
    const url = /navigating to "([^"]+)"/.exec(message)?.[1];
    return new StepError('timeout', `the site did not answer in ${timeoutMs} ms${url ? ` at ${url}` : ''}`, {
      hint: 'Is it running? A page that never stops loading needs wait: domcontentloaded or none.',
      cause,
    });
  }
  const reason = obstacle(message);
  if (PERFORMING.test(reason)) {
    return new StepError('timeout', `the page did not come to rest in ${timeoutMs} ms after it was acted on`, {
      hint: 'It is busy with its answer. Give the step a longer timeoutMs if that is as it should be.',
      cause,
    });
  }
  return new StepError('not-actionable', `the element could not be acted on in ${timeoutMs} ms: ${reason}`, {
    hint: 'Wait for what is in the way to go, or act on the element that is on top.',
    cause,
  });
}

const PERFORMING = /^performing .+ action$/;
const OBSTACLE =
  /intercepts pointer events|is not (visible|enabled|stable|editable)|element is inert|outside of the viewport|not attached|did not find some options/;

/** The last reason that Playwright's log gives for waiting. */
function obstacle(message: string): string {
  const lines = message.split('\n').map((line) => line.replace(/^\s*-?\s*(\d+ × )?/, '').trim());
  const reason = lines.findLast((line) => OBSTACLE.test(line) || PERFORMING.test(line));
  const resolved = lines.some((line) => line.startsWith('locator resolved to'));
  return reason ?? (resolved ? 'the page did not answer' : 'it was not found again');
}

function fromPage(message: string, cause: unknown): StepError | undefined {
  if (/Target crashed|Page crashed/i.test(message)) {
    return new StepError('page-crashed', 'the page crashed', {
      hint: 'Its renderer ended. The session cannot go on.',
      cause,
    });
  }
  if (/has been closed|Target closed|Session closed/i.test(message)) {
    return new StepError('page-closed', 'the tab was closed while the step ran', {
      hint: 'The page closed itself, or an earlier step did.',
      cause,
    });
  }
  if (/context was destroyed|frame was detached|because of a navigation/i.test(message)) {
    return new StepError('navigation-failed', 'the page was left while the step ran', {
      hint: 'Wait for the new page first (wait.url, wait.element), or give the step a retry.',
      cause,
    });
  }
  return undefined;
}

function unknown(message: string, cause: unknown): StepError {
  return new StepError('internal', firstLine(message), {
    hint: 'The browser refused in a way that is not known here.',
    cause,
  });
}

const firstLine = (message: string): string =>
  (message.split('\n')[0] ?? message).replace(/^[\w.]+: (Error: )?/, '').slice(0, 500);
