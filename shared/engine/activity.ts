import type { ConsoleMessage, Page, Request } from 'playwright-core';

/** What happened in the pages during a step. */
export interface ActivityCount {
  readonly console: number;
  readonly network: { requests: number; failed: number };
  readonly problems: string[];
}

/** Counts console messages and requests of a session's pages. */
export interface Activity {
  watch(page: Page): void;
  /** What happened since the last call. */
  take(): ActivityCount;
  /** Milliseconds since the page had a request under way; 0 while it has one. */
  quietMs(page: Page): number;
}

const MOST_PROBLEMS = 20;
const LONGEST_PROBLEM = 300;

/** @param mask hides secrets: before a sentence is shortened, which could cut one in two. */
export function activityOf(now: () => number, mask: (text: string) => string): Activity {
  let counts = { console: 0, requests: 0, failed: 0, problems: [] as string[] };
  const open = new WeakMap<Page, Set<Request>>();
  const quietSince = new WeakMap<Page, number>();

  function problem(sentence: string): void {
    if (counts.problems.length < MOST_PROBLEMS) counts.problems.push(mask(sentence).slice(0, LONGEST_PROBLEM));
    if (counts.problems.length === MOST_PROBLEMS) counts.problems.push('more problems are not listed');
  }

  function onConsole(message: ConsoleMessage): void {
    const kind = message.type();
    if (kind !== 'error' && kind !== 'warning') return;
    counts.console++;
    // The browser repeats every failed request on the console; the network's own count has it.
    if (!message.text().startsWith('Failed to load resource')) problem(`console ${kind}: ${message.text()}`);
  }

  function watch(page: Page): void {
    const requests = new Set<Request>();
    open.set(page, requests);
    quietSince.set(page, now());
    const end = (request: Request): void => {
      requests.delete(request);
      if (requests.size === 0) quietSince.set(page, now());
    };
    page.on('console', onConsole);
    page.on('pageerror', (error) => {
      counts.console++;
      problem(`uncaught ${error.name || 'error'}: ${error.message}`);
    });
    page.on('request', (request) => {
      counts.requests++;
      requests.add(request);
    });
    page.on('requestfinished', end);
    page.on('requestfailed', (request) => {
      end(request);
      const reason = request.failure()?.errorText ?? 'failed';
      // Leaving a page aborts what it was still loading.
      if (reason === 'net::ERR_ABORTED') return;
      counts.failed++;
      problem(`request failed: ${request.method()} ${request.url()}: ${reason}`);
    });
    page.on('response', (response) => {
      if (response.status() < 400) return;
      counts.failed++;
      problem(`${response.request().method()} ${response.url()} answered ${response.status()}`);
    });
  }

  return {
    watch,
    take: () => {
      const { console, requests, failed, problems } = counts;
      counts = { console: 0, requests: 0, failed: 0, problems: [] };
      return { console, network: { requests, failed }, problems };
    },
    quietMs: (page) => ((open.get(page)?.size ?? 0) > 0 ? 0 : now() - (quietSince.get(page) ?? now())),
  };
}
