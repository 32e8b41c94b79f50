import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson } from '../plumbing/http.ts';
import { invalid } from './errors.ts';
import { selectFields } from './field-selector.ts';
import { isJson, type Json } from './object-fields.ts';

/** A request to the service and its answer. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly params: URLSearchParams;
  /** `http://HOST` as the client reached the service: links in answers begin with it. */
  readonly origin: string;
}

/** The value of a request header; repeated ones are joined. */
export function header(call: Call, name: string): string | undefined {
  const value = call.request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Reads a JSON object from the request's body; an empty body is an empty object. @throws HttpError 400. */
export async function readJson(call: Call): Promise<Json> {
  return parseJson((await readBody(call.request)).toString());
}

/** @throws HttpError 400 when the text is not a JSON object. */
export function parseJson(text: string): Json {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isJson(value)) return value;
  } catch {
    // Falls through to the answer below.
  }
  throw invalid('Parse Error: the body is not a JSON object.');
}

/** Answers with a resource, or with the parts of it that the parameter `fields` selects. */
export function answer(call: Call, resource: Json, status = 200): void {
  const fields = call.params.get('fields');
  const headers = typeof resource.etag === 'string' ? { etag: resource.etag } : {};
  sendJson(
    call.response,
    status,
    fields ? selectFields(resource, fields) : resource,
    headers as Record<string, string>,
  );
}

/** Answers without a body. */
export function answerEmpty(call: Call, status: number, headers: Record<string, string> = {}): void {
  call.response
    .writeHead(status, status === 204 || status === 304 ? headers : { 'content-length': '0', ...headers })
    .end();
}

/**
 * The request's body as it comes. The connection stays open when it is not read to its end.
 */
export function bodyOf(call: Call): AsyncIterable<Buffer> {
  return call.request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}
