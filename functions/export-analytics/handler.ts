import type { RowExporter } from '../../shared/analytics/export-rows.ts';
import type { TaskInput } from '../../shared/define/trigger.ts';
import type { Exports } from '../../shared/domain/exports.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { defaultQueue } from '../../shared/resources/queues.ts';

export interface Services {
  readonly exports: Exports;
  readonly exporter: RowExporter;
}

/** Writes the files of an export; what cannot be written says so in the export. */
export async function exportAnalytics(
  { payload, attempt }: TaskInput<{ export_id: string }>,
  { exports, exporter, log }: Services & Base,
): Promise<void> {
  const found = await exports.get(payload.export_id);
  if (found?.status !== 'pending') return log.info('the export has ended before');
  annotate({ user_id: found.user_id });
  try {
    await exports.end(found.id, { status: 'ready', ...(await exporter.write(found)) });
  } catch (error) {
    const words = error instanceof AppError && error.kind === 'permanent' ? error.message : undefined;
    if (words === undefined && attempt < defaultQueue.maxAttempts - 1) throw error;
    log.error('The rows could not be exported.', error);
    await exports.end(found.id, { status: 'failed', error: words ?? 'The warehouse did not answer.' });
  }
}
