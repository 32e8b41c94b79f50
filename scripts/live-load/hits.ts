import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page that is told by its address whose visit it is: it notes each in the order in which they came. */
export interface Hits {
  readonly origin: string;
  /** The visits of a session. */
  of(session: string): readonly string[];
  close(): Promise<void>;
}

export async function startHits(): Promise<Hits> {
  const hits = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
    if (pathname === '/hit') {
      const session = searchParams.get('session') ?? '';
      hits.set(session, [...(hits.get(session) ?? []), searchParams.get('command') ?? '']);
    }
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Hit</title><p>Seen</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    of: (session) => hits.get(session) ?? [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
