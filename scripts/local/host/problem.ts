import type { ServerResponse } from 'node:http';

/** A problem document (RFC 9457), as the API itself answers with. */
export function problemOf(status: number, title: string, detail: string) {
  return {
    headers: { 'content-type': 'application/problem+json', ...(status === 429 && { 'retry-after': '1' }) },
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}

/** Answers with a problem document. */
export function sendProblem(response: ServerResponse, status: number, title: string, detail: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { headers, body } = problemOf(status, title, detail);
  response.writeHead(status, headers).end(body);
}
