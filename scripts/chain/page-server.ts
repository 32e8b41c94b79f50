import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request for a page: its number counts the requests for this path, from 1. */
export interface Visit {
  readonly number: number;
  readonly cookies: string;
}

/** What a path shows: HTML, or undefined when it has answered by itself, or never will. */
export type Page = (visit: Visit, response: ServerResponse) => string | undefined;

/** A site of a few pages that counts its visits. */
export interface PageServer {
  readonly origin: string;
  /** How often a page was asked for. */
  visits(path: string): number;
  /** Resolves when the page has been asked for so often. */
  visited(path: string, times: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a site on a free loopback port. A path that has no page is 404. */
export async function startPages(pages: Readonly<Record<string, Page>>): Promise<PageServer> {
  const counts = new Map<string, number>();
  const waiting = new Set<() => void>();
  const server = createServer((request: IncomingMessage, response) => {
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    const number = (counts.get(path) ?? 0) + 1;
    counts.set(path, number);
    for (const check of waiting) check();
    const page = pages[path];
    const html = page ? page({ number, cookies: request.headers.cookie ?? '' }, response) : undefined;
    if (html !== undefined) response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
    else if (!page) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const visits = (path: string) => counts.get(path) ?? 0;
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits,
    visited: (path, times) =>
      new Promise((resolve) => {
        const check = () => {
          if (visits(path) < times) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A whole page of a body. */
export const pageOf = (body: string): string => `<!doctype html><title>Page</title><body>${body}</body>`;
