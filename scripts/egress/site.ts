import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TWIN } from './names.ts';
import { tricks } from './tricks.ts';

/** The attacker's site. */
export interface Site {
  /** The address of the document of a trick. */
  trick(index: number, target: string): string;
  /** A page with a frame for each address. */
  frames(addresses: readonly string[]): string;
  close(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const server = createServer(answer);
  server.listen(0, TWIN);
  await once(server, 'listening');
  const base = `http://${TWIN}:${(server.address() as AddressInfo).port}`;
  const pages: (readonly string[])[] = [];
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const frames = pages[Number(/^\/frames\/(\d+)$/.exec(request.url ?? '')?.[1])];
    if (frames)
      html(response, frames.map((address) => `<iframe src="${address.replaceAll('&', '&amp;')}"></iframe>`).join(''));
  });
  return {
    trick: (index, target) => `${base}/trick?${new URLSearchParams({ index: String(index), to: target })}`,
    frames: (addresses) => `${base}/frames/${pages.push(addresses) - 1}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const html = (response: ServerResponse, body: string, headers: Readonly<Record<string, string>> = {}): void =>
  void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);

/** Scripts of workers, by the path under which they are asked for. */
const workers: Readonly<Record<string, (to: string) => string>> = {
  '/fetching.js': (to) => `fetch(${to}, { mode: 'no-cors' })`,
  '/importing.js': (to) => `importScripts(${to})`,
  '/dialling.js': (to) => `new WebSocket(${to})`,
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
  const to = searchParams.get('to') ?? '';
  const worker = workers[pathname];
  const trick = tricks[Number(searchParams.get('index'))];
  if (worker) response.writeHead(200, { 'content-type': 'text/javascript' }).end(worker(JSON.stringify(to)));
  else if (pathname === '/redirect') response.writeHead(302, { location: to }).end();
  else if (pathname === '/redirect-307') response.writeHead(307, { location: to }).end();
  else if (pathname === '/trick' && trick) html(response, trick.html(to), trick.headers?.(to));
  else if (!pathname.startsWith('/frames/')) html(response, '');
}
