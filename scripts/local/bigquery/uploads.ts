import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson } from '../plumbing/http.ts';
import type { Bigquery } from './bigquery.ts';
import { invalid, notFound, unimplemented } from './errors.ts';
import { insertJob, type JobRequest } from './jobs.ts';

/** A resumable upload that has begun: the job, and what has come of its bytes. It lives as long as the process. */
interface Upload {
  readonly project: string;
  readonly request: JobRequest;
  readonly chunks: Buffer[];
}

/** Uploads of load jobs: multipart in one request, or resumable in chunks. */
export class Uploads {
  readonly #bigquery: Bigquery;
  readonly #open = new Map<string, Upload>();

  constructor(bigquery: Bigquery) {
    this.#bigquery = bigquery;
  }

  /** Answers a request to `…/upload/bigquery/v2/projects/{project}/jobs`. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    { url, project }: { url: URL; project: string },
  ): Promise<void> {
    const id = url.searchParams.get('upload_id');
    if (id) return await this.#continue(request, response, id);
    const type = url.searchParams.get('uploadType');
    if (type === 'multipart') {
      const job = readMultipart(await readBody(request), request.headers['content-type'] ?? '');
      return sendJson(response, 200, await insertJob(this.#bigquery, project, job));
    }
    if (type !== 'resumable') throw unimplemented(`an upload of type ${type}`);
    const made = randomUUID();
    const body = (await readBody(request)).toString('utf8');
    this.#open.set(made, { project, request: JSON.parse(body || '{}') as JobRequest, chunks: [] });
    const location = new URL(url);
    location.searchParams.set('upload_id', made);
    response.writeHead(200, { location: location.href, 'content-length': '0' }).end();
  }

  async #continue(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const upload = this.#open.get(id);
    if (!upload) throw notFound(`upload ${id}`);
    const body = await readBody(request);
    const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(request.headers['content-range'] ?? 'bytes */*');
    const have = upload.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (range?.[1] !== undefined && Number(range[1]) > have)
      throw invalid(`The upload has ${have} bytes; a chunk cannot begin at ${range[1]}.`);
    upload.chunks.push(body.subarray(range?.[1] === undefined ? 0 : have - Number(range[1])));
    const total = upload.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const whole = range?.[3] === undefined || range[3] === '*' ? undefined : Number(range[3]);
    const ended = request.headers['content-range'] === undefined || whole === total;
    if (!ended) {
      const stored = total > 0 ? { range: `bytes=0-${total - 1}` } : {};
      response.writeHead(308, { ...stored, 'content-length': '0' }).end();
      return;
    }
    this.#open.delete(id);
    sendJson(
      response,
      200,
      await insertJob(this.#bigquery, upload.project, { ...upload.request, media: Buffer.concat(upload.chunks) }),
    );
  }
}

/** The two parts of a `multipart/related` body (RFC 2387): the job as JSON, and the bytes. */
export function readMultipart(body: Buffer, type: string): JobRequest {
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (!boundary) throw invalid('A multipart upload needs a boundary.');
  const parts: Buffer[] = [];
  const mark = Buffer.from(`--${boundary}`);
  let start = body.indexOf(mark);
  while (start >= 0) {
    const from = start + mark.length;
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), from);
    if (next < 0) break;
    const part = body.subarray(from, next);
    const head = part.indexOf('\r\n\r\n');
    parts.push(head < 0 ? part : part.subarray(head + 4));
    start = next + 2;
  }
  const [metadata, media] = parts;
  if (!metadata || !media) throw invalid('A multipart upload needs two parts: the job and its data.');
  return { ...(JSON.parse(metadata.toString('utf8')) as JobRequest), media };
}
