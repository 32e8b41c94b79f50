import { join } from 'node:path';
import { decodePath, HttpError, sendError } from '../plumbing/http.ts';
import type { CreateService, ServiceContext } from '../plumbing/service.ts';
import { Blobs } from './blobs.ts';
import { Buckets } from './buckets.ts';
import { answer, answerEmpty, type Call } from './call.ts';
import { openCorsHeaders } from './cors.ts';
import { NotModified, unsupported } from './errors.ts';
import { startLifecycle } from './lifecycle.ts';
import { Notifications, serviceAgent } from './notifications.ts';
import { Objects } from './objects.ts';
import { ResumableUploads } from './resumable.ts';
import { serveJson } from './routes.ts';
import type { Storage } from './storage.ts';
import { createTables } from './tables.ts';
import { serveXml } from './xml.ts';

/** With and without the API's own prefix: a client that is given an emulator's address leaves it out. */
const JSON_PATH = /^(\/upload|\/resumable\/upload|\/download)?(?:\/storage\/v1)?\/b(?:\/(.*))?$/;
const OTHER_PATH = /^(\/upload|\/batch)?\/storage\/v1(\/|$)|^\/projects\/[^/]+\/(serviceAccount|hmacKeys)(\/|$)/;
const AGENT_PATH = /^(?:\/storage\/v1)?\/projects\/([^/]+)\/serviceAccount$/;

/**
 * Cloud Storage: the JSON API, and of the XML API what signed URLs reach. Clients find it with
 * `STORAGE_EMULATOR_HOST=http://127.0.0.1:PORT`. Objects' bytes are files below `objects` in the service's folder.
 * @see https://cloud.google.com/storage/docs/json_api/v1
 */
export const createStorage: CreateService = (context) => {
  const storage = assemble(context);
  let stop = () => {};
  return {
    name: 'storage',
    async http(request, response, url) {
      const call = { request, response, url, params: url.searchParams, origin: `http://${request.headers.host}` };
      // As it was sent: a URL resolves dots in paths, which are ordinary characters of a name here.
      const [path = ''] = (request.url ?? '').split('?');
      const json = JSON_PATH.exec(path);
      if (!json && !OTHER_PATH.test(path)) return serveXml(storage, call, path);
      for (const [name, value] of Object.entries(openCorsHeaders(call))) response.setHeader(name, value);
      if (request.method === 'OPTIONS') {
        answerEmpty(call, 200);
        return true;
      }
      await serve(call, async () => {
        const agent = AGENT_PATH.exec(path);
        if (agent && request.method === 'GET') return answerAgent(call, agent[1] ?? '');
        if (!json) throw unsupported(`${request.method} ${url.pathname}`);
        const segments = json[2] ? json[2].replace(/\/$/, '').split('/').map(decodePath) : [];
        await serveJson(storage, call, segments, /upload/.test(json[1] ?? ''));
      });
      return true;
    },
    start() {
      stop = startLifecycle(storage);
      storage.notifications.start();
    },
    pending: () => storage.notifications.pending(),
    close() {
      stop();
      storage.notifications.close();
    },
  };
};

function assemble(context: ServiceContext): Storage {
  createTables(context.store);
  const blobs = new Blobs(join(context.folder, 'objects'));
  const buckets = new Buckets(context);
  const notifications = new Notifications(context);
  const objects = new Objects(context, buckets, blobs, notifications);
  const uploads = new ResumableUploads(context, objects, blobs);
  blobs.sweep(
    (blob) => context.store.get('SELECT 1 FROM storage_objects WHERE blob = ? LIMIT 1', blob) !== undefined,
    (id) => uploads.isOpen(id),
  );
  return { context, blobs, buckets, objects, notifications, uploads };
}

async function serve(call: Call, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof NotModified) answerEmpty(call, 304);
    else if (call.request.errored || call.response.destroyed) call.response.destroy();
    else if (call.params.get('alt') === 'media' && error instanceof HttpError && !call.response.headersSent) {
      call.response.writeHead(error.status, { 'content-type': 'text/html; charset=UTF-8' }).end(error.message);
    } else sendError(call.response, error);
  }
  // What is left of the body is passed over, so that the connection can be used again.
  call.request.resume();
}

function answerAgent(call: Call, project: string): void {
  answer(call, { kind: 'storage#serviceAccount', email_address: serviceAgent(project) });
}
