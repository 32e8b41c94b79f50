import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { listQuery, runRequest } from './requests.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;
const optional = Type.Optional;
/** Stored timestamps are Dates in code and native timestamps in Firestore. */
const time = Type.Unsafe<Date>(Type.Object({}));

export const missedPolicies = ['skip', 'run-once'] as const;
export const overlapPolicies = ['allow', 'skip'] as const;
export const skipReasons = ['missed', 'overlap', 'owner-disabled'] as const;

/** Runs that are started again and again. */
export const scheduleEntity = contract(
  'schedule',
  Type.Object({
    id: Type.String(),
    created_at: time,
    updated_at: time,
    user_id: Type.String(),
    name: Type.String(),
    cron: Type.String(),
    time_zone: Type.String(),
    /** What is run, as it was asked for: the tests of a suite or a tag are those that there are by then. */
    run: runRequest.schema,
    active: Type.Boolean(),
    missed: Type.Enum([...missedPolicies]),
    overlap: Type.Enum([...overlapPolicies]),
    /** None while it is paused. */
    next_at: optional(time),
    last_run: optional(Type.Object({ run_id: Type.String(), due_at: time })),
    /** The last time at which nothing was started, and why. */
    last_skipped: optional(Type.Object({ due_at: time, reason: Type.Enum([...skipReasons]) })),
  }),
);
export type ScheduleEntity = Static<typeof scheduleEntity.schema>;
export type SkipReason = (typeof skipReasons)[number];

const fields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  cron: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Minute, hour, day of month, month, day of week; or @hourly, @daily, @weekly, @monthly.',
  }),
  timeZone: Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'Of the IANA database. Default: Etc/UTC. Where clocks change, fixed times are due once a day.',
  }),
  active: Type.Boolean({ description: 'false pauses it: what would be due meanwhile is not made good for.' }),
  missed: Type.Enum([...missedPolicies], {
    description: 'What becomes of times that nobody could start in time: skip (default), or run-once for all of them.',
  }),
  overlap: Type.Enum([...overlapPolicies], {
    description: 'While the run before still runs: allow another (default), or skip the time.',
  }),
  run: Type.Unsafe<Static<typeof runRequest.schema>>({
    ...runRequest.schema,
    description: 'What is run, as in POST /v1/runs. The tests of a suite or a tag are those that there are by then.',
  }),
};

/** Body of `POST /v1/schedules`. */
export const scheduleRequest = contract(
  'schedule-request',
  Type.Object(
    {
      name: fields.name,
      cron: fields.cron,
      timeZone: optional(fields.timeZone),
      active: optional(fields.active),
      missed: optional(fields.missed),
      overlap: optional(fields.overlap),
      run: fields.run,
    },
    strict,
  ),
);
export type ScheduleRequest = Static<typeof scheduleRequest.schema>;

/** Body of `PATCH /v1/schedules/{id}`: what is named changes; `run` is replaced. */
export const schedulePatch = contract(
  'schedule-patch',
  Type.Object(
    {
      name: optional(fields.name),
      cron: optional(fields.cron),
      timeZone: optional(fields.timeZone),
      active: optional(fields.active),
      missed: optional(fields.missed),
      overlap: optional(fields.overlap),
      run: optional(fields.run),
    },
    { ...strict, minProperties: 1 },
  ),
);
export type SchedulePatch = Static<typeof schedulePatch.schema>;

/** Query of `GET /v1/schedules` and of `GET /v1/triggers`. */
export const activeQuery = contract(
  'active-query',
  Type.Object({ ...listQuery.schema.properties, active: optional(Type.Enum(['true', 'false'])) }, strict),
);
