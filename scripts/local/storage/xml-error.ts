import type { ServerResponse } from 'node:http';
import { HttpError } from '../plumbing/http.ts';

/** An error answer of the XML API. */
export class XmlError extends Error {
  readonly status: number;
  /** Google's code: `AccessDenied`, `NoSuchKey`. */
  readonly code: string;
  /** What of the request it was, in an element of its own. */
  readonly details: string | undefined;
  constructor(status: number, code: string, message: string, details?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  412: 'PreconditionFailed',
  501: 'NotImplemented',
};

/** Writes an error as the XML API does. Anything but a known error is a bug of the service: 500 with its stack. */
export function sendXmlError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof XmlError || error instanceof HttpError;
  const status = known ? error.status : 500;
  const code = error instanceof XmlError ? error.code : (CODES[status] ?? 'InternalError');
  const message = known ? error.message : String(error instanceof Error ? error.stack : error);
  const details = error instanceof XmlError && error.details ? `<Details>${escapeXml(error.details)}</Details>` : '';
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message>${details}</Error>`;
  response.writeHead(status, { 'content-type': 'application/xml; charset=UTF-8' }).end(body);
}

/** Text as it stands in an element. */
export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
