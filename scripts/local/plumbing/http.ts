import type { IncomingMessage, ServerResponse } from 'node:http';

/** Reads a request's body whole. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers });
  response.end(text);
}

/** An error answer of a Google JSON API, thrown by a route: `{error: {code, message, errors, status}}`. */
export class HttpError extends Error {
  readonly status: number;
  /** Google's reason: `notFound`, `conditionNotMet`, `invalid`, `notImplemented`. */
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** A path or a part of one without its escapes. @throws HttpError 400 where a percent sign begins none */
export function decodePath(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw new HttpError(400, 'invalid', `The path has a malformed escape: ${escaped}`);
  }
}

/** Writes an error as Google's JSON APIs do. Anything but an HttpError is a bug of the service: 500 with its stack. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof HttpError;
  const code = known ? error.status : 500;
  const reason = known ? error.reason : 'internalError';
  const message = known ? error.message : String(error instanceof Error ? error.stack : error);
  sendJson(response, code, { error: { code, message, errors: [{ message, domain: 'global', reason }] } });
}
