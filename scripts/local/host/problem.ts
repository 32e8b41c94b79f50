import type { ServerResponse } from 'node:http';

/** Answers with a problem document (RFC 9457), as the API itself does. */
export function sendProblem(response: ServerResponse, status: number, title: string, detail: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const headers = { 'content-type': 'application/problem+json', ...(status === 429 && { 'retry-after': '1' }) };
  response.writeHead(status, headers);
  response.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}
