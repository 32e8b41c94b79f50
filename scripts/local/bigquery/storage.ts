import { gunzipSync } from 'node:zlib';
import type { Bigquery } from './bigquery.ts';
import { invalid, notFound } from './errors.ts';

const URI = /^gs:\/\/([^/]+)\/(.+)$/;
const NOT_FOUND = 404;
const GZIP = Buffer.from([0x1f, 0x8b]);

function split(uri: string): { bucket: string; name: string } {
  const [, bucket, name] = URI.exec(uri) ?? [];
  if (!bucket || !name) throw invalid(`Invalid URI "${uri}": it does not have the form gs://bucket/object.`);
  return { bucket, name };
}

async function call(bigquery: Bigquery, path: string, uri: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`${bigquery.context.origin()}${path}`, init);
  if (response.ok) return response;
  const text = await response.text();
  if (response.status === NOT_FOUND) throw notFound(`URI ${uri}`);
  throw invalid(`Cloud Storage answered ${response.status} for ${uri}: ${text.slice(0, 300)}`);
}

/** Writes an object through the API of Cloud Storage. @throws HttpError notFound for a bucket that is not there */
export async function writeObject(bigquery: Bigquery, uri: string, body: Buffer, type: string): Promise<void> {
  const { bucket, name } = split(uri);
  const query = new URLSearchParams({ uploadType: 'media', name });
  const path = `/upload/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`;
  await call(bigquery, path, uri, { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': type } });
}

/** @throws HttpError for any other answer than that it is there, or is not. */
export async function objectExists(bigquery: Bigquery, uri: string): Promise<boolean> {
  const { bucket, name } = split(uri);
  const path = `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`;
  const response = await fetch(`${bigquery.context.origin()}${path}`);
  if (response.ok || response.status === NOT_FOUND) return response.ok;
  throw invalid(`Cloud Storage answered ${response.status} for ${uri}`);
}

/**
 * The bytes of the objects that URIs name, decompressed. One `*` in a URI stands for any characters.
 * @throws HttpError notFound for an object that is not there, invalid for a wildcard that finds none.
 */
export async function readObjects(bigquery: Bigquery, uris: readonly string[]): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for (const uri of uris) {
    const { bucket, name } = split(uri);
    const names = name.includes('*') ? await expand(bigquery, uri, bucket, name) : [name];
    for (const each of names) {
      const path = `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(each)}?alt=media`;
      const bytes = Buffer.from(await (await call(bigquery, path, `gs://${bucket}/${each}`)).arrayBuffer());
      found.push(bytes.subarray(0, 2).equals(GZIP) ? gunzipSync(bytes) : bytes);
    }
  }
  return found;
}

async function expand(bigquery: Bigquery, uri: string, bucket: string, pattern: string): Promise<string[]> {
  const [prefix = '', suffix = '', ...more] = pattern.split('*');
  if (more.length > 0) throw invalid(`Invalid URI "${uri}": it has more than one wildcard.`);
  const names: string[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({ prefix, ...(token ? { pageToken: token } : {}) });
    const response = await call(bigquery, `/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`, uri);
    const page = (await response.json()) as { items?: { name: string }[]; nextPageToken?: string };
    names.push(...(page.items ?? []).map(({ name }) => name));
    token = page.nextPageToken;
  } while (token);
  const matching = names.filter((name) => name.endsWith(suffix) && name.length >= prefix.length + suffix.length);
  if (matching.length === 0) throw notFound(`URI ${uri}`);
  return matching;
}
