import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Node tells of every request here before a server sees it. */
const CHANNEL = 'http.server.request.start';

/**
 * Makes the Functions Framework hand every request on. By itself it parses bodies before the function is asked, inflates
 * what is compressed up to a gibibyte, and answers what it cannot parse with a page of its own that shows a stack; paths
 * that encode no text, too. Told that each body is bytes, it keeps them as they came. The raw headers, which the app
 * reads, stay as they were sent.
 * @returns what ends it
 */
export function takeEveryRequest(): () => void {
  const started = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    request.headers['content-type'] = 'application/octet-stream';
    delete request.headers['content-encoding'];
    request.url = decodable(request.url ?? '/');
  };
  subscribe(CHANNEL, started);
  return () => unsubscribe(CHANNEL, started);
}

/** A percent sign that encodes nothing is taken for itself. */
function decodable(url: string): string {
  const [path = '', ...query] = url.split('?');
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return [path.replaceAll('%', '%25'), ...query].join('?');
  }
}
