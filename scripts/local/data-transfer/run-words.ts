import { toWireTime } from '../plumbing/wire-time.ts';
import type { Run } from './runs.ts';
import { DATA_SOURCE } from './settings.ts';
import { toStruct } from './struct.ts';

/** A run as `TransferRun` has it. */
export function runMessage(run: Run): object {
  const wire = (time: number | null) => (time === null ? null : toWireTime(time));
  return {
    name: run.name,
    scheduleTime: wire(run.scheduled),
    runTime: wire(run.time),
    errorStatus: run.error ?? { code: 0, message: '' },
    startTime: wire(run.started),
    endTime: wire(run.ended),
    updateTime: wire(run.updated),
    params: toStruct({ ...run.params }),
    ...(run.dataset !== '' && { destinationDatasetId: run.dataset }),
    dataSourceId: DATA_SOURCE,
    state: run.state,
    schedule: run.schedule,
    notificationPubsubTopic: run.topic,
  };
}

/**
 * What a topic is told of an ended run: the run as JSON.
 * @see https://cloud.google.com/bigquery/docs/transfer-run-notifications
 */
export function runNotice(run: Run): { topic: string; data: string; attributes: Record<string, string> } {
  const text = (time: number | null) => (time === null ? undefined : new Date(time).toISOString());
  const data = {
    name: run.name,
    scheduleTime: text(run.scheduled),
    runTime: text(run.time),
    errorStatus: run.error ?? {},
    startTime: text(run.started),
    endTime: text(run.ended),
    updateTime: text(run.updated),
    params: run.params,
    ...(run.dataset !== '' && { destinationDatasetId: run.dataset }),
    dataSourceId: DATA_SOURCE,
    state: run.state,
    ...(run.schedule !== '' && { schedule: run.schedule }),
    notificationPubsubTopic: run.topic,
  };
  return {
    topic: run.topic,
    data: JSON.stringify(data),
    attributes: { eventType: 'TRANSFER_RUN_FINISHED', payloadFormat: 'JSON_API_V1' },
  };
}

/** What is told of a job that did its work. */
export function successOf(jobId: string, table: string | undefined): string {
  return `Job ${jobId}${table === undefined ? '' : ` (table ${table})`} completed successfully.`;
}
