import type { WireTime } from '../plumbing/wire-time.ts';
import type { Struct } from './struct.ts';

/** `TransferConfig`, as proto-loader reads and writes it. What the service only writes is not here. */
export interface ConfigMessage {
  readonly name: string;
  /** Absent when there is none. */
  readonly destinationDatasetId?: string;
  readonly displayName: string;
  readonly dataSourceId: string;
  readonly params: Struct | null;
  readonly schedule: string;
  readonly scheduleOptions: ScheduleOptions | null;
  readonly scheduleOptionsV2: ScheduleOptionsV2 | null;
  readonly dataRefreshWindowDays: number;
  readonly disabled: boolean;
  readonly notificationPubsubTopic: string;
  readonly emailPreferences: { readonly enableFailureEmail: boolean } | null;
  readonly encryptionConfiguration: { readonly kmsKeyName: { readonly value: string } | null } | null;
}

export interface ScheduleOptions {
  readonly disableAutoScheduling: boolean;
  readonly startTime: WireTime | null;
  readonly endTime: WireTime | null;
}

export interface ScheduleOptionsV2 {
  /** Which of the following there is. */
  readonly schedule?: 'timeBasedSchedule' | 'manualSchedule' | 'eventDrivenSchedule';
  readonly timeBasedSchedule?: {
    readonly schedule: string;
    readonly startTime: WireTime | null;
    readonly endTime: WireTime | null;
  };
  readonly manualSchedule?: object;
}

/** What creates or changes a config beside the config itself. */
export interface Credentials {
  readonly authorizationCode: string;
  readonly versionInfo: string;
  readonly serviceAccountName: string;
}

/** States of a run, by their names. */
export type RunState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
export type Severity = 'INFO' | 'WARNING' | 'ERROR';

/** `google.rpc.Status` without details. */
export interface RunError {
  readonly code: number;
  readonly message: string;
}
