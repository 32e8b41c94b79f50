import { exportRequest } from '../../schemas/analytics.ts';
import { readRange } from '../../shared/analytics/range.ts';
import type { ExportEntity, Exports } from '../../shared/domain/exports.ts';
import { type ApiReply, route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { SignedLinks } from '../../shared/platform/signed-links.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import { whoseOf } from './handler.ts';

export interface ExportServices {
  readonly exports: Exports;
  readonly queue: TaskQueue;
  readonly links: SignedLinks;
}

/** How long a link can be used, in seconds. */
const LINK_SECONDS = 15 * 60;

export const startExport = route<ExportServices, typeof exportRequest>({
  method: 'POST',
  path: '/v1/analytics/exports',
  summary: 'Exports rows as CSV or Parquet; ask for it until it is ready, or wait with Prefer: wait=30.',
  access: { scope: 'analytics:read' },
  limit: 'batch',
  answers: { 202: 'analytics-export' },
  body: exportRequest,
  async handle({ body, caller, waitSeconds }, { exports, queue, links, ids, clock }) {
    const everybody = whoseOf(body.users, caller) === undefined;
    const { table, format = 'csv' } = body;
    const range = readRange(body, clock.now());
    const id = ids.next('exp');
    const made = await exports.create({ id, user_id: caller.userId, table, format, ...range, everybody });
    await queue.enqueue([{ to: 'export-analytics', name: id, payload: { export_id: id } }]);
    const ended = waitSeconds ? await exports.waitForEnd(id, waitSeconds * 1000) : undefined;
    return await reply(202, ended ?? made, links);
  },
});

export const readExport = route<ExportServices>({
  method: 'GET',
  path: '/v1/analytics/exports/:id',
  summary: 'Tells what has become of an export; when it is ready, with links to its files.',
  access: { scope: 'analytics:read' },
  answers: { 200: 'analytics-export' },
  async handle({ params, caller, waitSeconds }, { exports, links }) {
    const id = params.id ?? '';
    let found = await exports.getOwned(id, caller.userId);
    if (!found) throw new AppError('not-found', `There is no export '${id}' (any more).`);
    if (found.status === 'pending' && waitSeconds) found = (await exports.waitForEnd(id, waitSeconds * 1000)) ?? found;
    return await reply(200, found, links);
  },
});

async function reply(status: number, entity: ExportEntity, links: SignedLinks): Promise<ApiReply> {
  const { id, table, format, from, to, rows, error, objects } = entity;
  const urls = objects && (await Promise.all(objects.map((name) => links.linkTo(name, LINK_SECONDS))));
  const body = {
    ...{ id, status: entity.status, table, format, from: from.toISOString(), to: to.toISOString() },
    ...{ createdAt: entity.created_at.toISOString(), expiresAt: entity.expires_at.toISOString() },
    ...(rows === undefined ? {} : { rows }),
    ...(urls === undefined ? {} : { urls }),
    ...(error === undefined ? {} : { error }),
  };
  // The links are for who asked, and not for long.
  const headers = { 'cache-control': 'no-store', location: `/v1/analytics/exports/${id}` };
  return { status, headers, body };
}
