import { fromWireTime, toWireTime } from '../plumbing/wire-time.ts';
import { invalid, unsupported } from './errors.ts';
import type { ConfigMessage, Credentials, ScheduleOptions, ScheduleOptionsV2 } from './messages.ts';
import { type Params, readParams } from './params.ts';
import { DEFAULT_SCHEDULE, parseSchedule } from './schedule.ts';

/** When a config's runs are scheduled. Times are milliseconds since the epoch. */
export interface Timing {
  /** A schedule string; of no use when `manual`. */
  readonly schedule: string;
  readonly start?: number;
  readonly end?: number;
  /** Runs are started by hand only. */
  readonly manual: boolean;
  /** It was given, and is told, as schedule_options_v2. */
  readonly isV2: boolean;
}

/** What a transfer config says, as it is stored. */
export interface Settings {
  readonly displayName: string;
  /** Empty when there is none. */
  readonly dataset: string;
  readonly params: Params;
  readonly timing: Timing;
  readonly disabled: boolean;
  /** Full name of the topic that is told of ended runs; empty when there is none. */
  readonly topic: string;
  readonly serviceAccount: string;
}

export const DATA_SOURCE = 'scheduled_query';

/** @throws RpcError INVALID_ARGUMENT for what is wrong, UNIMPLEMENTED for what is not supported, by its name. */
export function settingsOf(message: ConfigMessage, credentials: Credentials): Settings {
  if (message.dataSourceId === '') throw invalid('The transfer config has no data_source_id.');
  if (message.dataSourceId !== DATA_SOURCE) throw unsupported(`The data source "${message.dataSourceId}"`);
  refuseUnsupported(message, credentials);
  const settings: Settings = {
    displayName: message.displayName,
    dataset: message.destinationDatasetId ?? '',
    params: readParams(message.params),
    timing: timingOf(message),
    disabled: message.disabled,
    topic: topicOf(message),
    serviceAccount: credentials.serviceAccountName,
  };
  return whole(settings);
}

/** The settings with what an update's mask names. @throws RpcError INVALID_ARGUMENT, UNIMPLEMENTED */
export function changed(
  settings: Settings,
  message: ConfigMessage,
  { paths, credentials }: { paths: readonly string[]; credentials: Credentials },
): Settings {
  if (paths.length === 0) throw invalid('The update_mask is empty: name the fields to change.');
  refuseUnsupported(message, credentials);
  let all = settings;
  for (const path of paths) all = { ...all, ...changeOf(path, { all, message, credentials }) };
  return whole(all);
}

type Change = { readonly all: Settings; readonly message: ConfigMessage; readonly credentials: Credentials };

function changeOf(path: string, { all, message, credentials }: Change): Partial<Settings> {
  const [field = ''] = path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).split('.');
  switch (field) {
    case 'display_name':
      return { displayName: message.displayName };
    case 'destination_dataset_id':
      return { dataset: message.destinationDatasetId ?? '' };
    case 'params':
      return { params: readParams(message.params) };
    case 'schedule':
      return { timing: { ...all.timing, ...scheduleOf(message.schedule), isV2: false } };
    case 'schedule_options':
      return { timing: { schedule: all.timing.schedule, ...optionsOf(message.scheduleOptions), isV2: false } };
    case 'schedule_options_v2':
      return { timing: timingOf({ ...message, schedule: '', scheduleOptions: null }) };
    case 'disabled':
      return { disabled: message.disabled };
    case 'notification_pubsub_topic':
      return { topic: topicOf(message) };
    case 'service_account_name':
      return { serviceAccount: credentials.serviceAccountName };
    // What can only be what it is.
    case 'email_preferences':
    case 'encryption_configuration':
    case 'data_refresh_window_days':
      return {};
    default:
      throw invalid(`The update_mask names "${path}", which cannot be changed.`);
  }
}

/** Checks what two fields say together. */
function whole(settings: Settings): Settings {
  const { params, dataset, timing } = settings;
  if (params.destination_table_name_template && dataset === '')
    throw invalid('A destination table needs a destination_dataset_id.');
  if (params.partitioning_field && !params.destination_table_name_template)
    throw invalid('The parameter "partitioning_field" needs a destination_table_name_template.');
  if (timing.start !== undefined && timing.end !== undefined && timing.end <= timing.start)
    throw invalid('The end time of the schedule must be after its start time.');
  return settings;
}

function refuseUnsupported(message: ConfigMessage, { authorizationCode, versionInfo }: Credentials): void {
  if (authorizationCode !== '') throw unsupported('authorization_code');
  if (versionInfo !== '') throw unsupported('version_info');
  if (message.emailPreferences?.enableFailureEmail) throw unsupported('email_preferences.enable_failure_email');
  if (message.encryptionConfiguration?.kmsKeyName) throw unsupported('encryption_configuration.kms_key_name');
  if (message.dataRefreshWindowDays !== 0)
    throw invalid(`data_refresh_window_days is not for the data source ${DATA_SOURCE}.`);
}

function timingOf({ schedule, scheduleOptions, scheduleOptionsV2 }: ConfigMessage): Timing {
  if (!scheduleOptionsV2?.schedule) return { ...scheduleOf(schedule), ...optionsOf(scheduleOptions), isV2: false };
  if (schedule !== '' || scheduleOptions)
    throw invalid('schedule_options_v2 cannot be used together with schedule or schedule_options.');
  const { timeBasedSchedule: timed } = scheduleOptionsV2;
  if (timed)
    return { ...scheduleOf(timed.schedule), ...optionsOf({ ...timed, disableAutoScheduling: false }), isV2: true };
  if (scheduleOptionsV2.schedule !== 'manualSchedule') throw unsupported('schedule_options_v2.event_driven_schedule');
  return { schedule: '', manual: true, isV2: true };
}

function scheduleOf(text: string): { schedule: string } {
  const schedule = text.trim() === '' ? DEFAULT_SCHEDULE : text;
  parseSchedule(schedule);
  return { schedule };
}

function optionsOf(options: ScheduleOptions | null): Pick<Timing, 'start' | 'end' | 'manual'> {
  const [start, end] = [fromWireTime(options?.startTime), fromWireTime(options?.endTime)];
  return {
    manual: options?.disableAutoScheduling ?? false,
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}

function topicOf({ notificationPubsubTopic: topic }: ConfigMessage): string {
  if (topic !== '' && !/^projects\/[^/]+\/topics\/[^/]+$/.test(topic))
    throw invalid(`The notification_pubsub_topic "${topic}" does not have the form projects/PROJECT/topics/TOPIC.`);
  return topic;
}

/** The timing as a config's fields tell it. */
export function timingFields({ schedule, start, end, manual, isV2 }: Timing): {
  schedule?: string;
  scheduleOptions?: ScheduleOptions;
  scheduleOptionsV2?: ScheduleOptionsV2;
} {
  const [startTime, endTime] = [start, end].map((time) => (time === undefined ? null : toWireTime(time)));
  const times = { startTime: startTime ?? null, endTime: endTime ?? null };
  if (isV2 && manual) return { scheduleOptionsV2: { schedule: 'manualSchedule', manualSchedule: {} } };
  if (isV2)
    return {
      scheduleOptionsV2: { schedule: 'timeBasedSchedule', timeBasedSchedule: { schedule, ...times } },
    };
  const plain = !manual && start === undefined && end === undefined;
  return { schedule, ...(plain ? {} : { scheduleOptions: { disableAutoScheduling: manual, ...times } }) };
}
