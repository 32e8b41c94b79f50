import type { Static, TSchema } from 'typebox';
import { Type } from './type.ts';

/**
 * What a user may use, unless an administrator says otherwise for them. `perDay`: counted from midnight to midnight, UTC.
 * Those without a standard have it from the configuration.
 */
export const quotas = {
  runs_a_day: { perDay: true, standard: 1000, words: 'Runs that are started in a day.' },
  live_sessions_a_day: { perDay: true, standard: 500, words: 'Live sessions that are opened in a day.' },
  browser_minutes_a_day: {
    perDay: true,
    standard: 6000,
    words: 'Minutes of browsers in a day, of runs and live sessions that have ended or rest.',
  },
  stored_megabytes_a_day: {
    perDay: true,
    standard: 50_000,
    words: 'Megabytes of pictures, traces and states that are stored in a day, of the same sessions.',
  },
  parallel_sessions: { perDay: false, standard: undefined, words: 'Sessions of runs at once; the others wait.' },
  open_live_sessions: { perDay: false, standard: 100, words: 'Live sessions that are open at once.' },
} as const satisfies Record<string, { perDay: boolean; standard: number | undefined; words: string }>;

export type QuotaName = keyof typeof quotas;
export const quotaNames = Object.keys(quotas) as QuotaName[];

/** What a user has of their own, in place of what all have. */
export type OwnQuotas = Readonly<Partial<Record<QuotaName, number>>>;

const spokenName = (name: QuotaName): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What quotas are called in requests and answers, by their names. */
export const spokenNames = Object.fromEntries(quotaNames.map((name) => [name, spokenName(name)])) as Record<
  QuotaName,
  string
>;

const each = <S extends TSchema>(schema: (name: QuotaName) => S, spoken: (name: QuotaName) => string) =>
  Object.fromEntries(quotaNames.map((name) => [spoken(name), schema(name)])) as Record<string, S>;
const most = (minimum: number) => Type.Integer({ minimum, maximum: 1_000_000 });

/** As they are stored with the user. */
export const ownQuotas = Type.Unsafe<OwnQuotas>(
  Type.Object(
    each(
      () => Type.Optional(most(0)),
      (name) => name,
    ),
  ),
);

/** As an administrator sets them: null takes a user's own away. */
export type QuotasPatch = Readonly<Record<string, number | null>>;
export const quotasPatch = Type.Unsafe<QuotasPatch>(
  Type.Object(
    each(
      (name) =>
        Type.Optional(
          Type.Union([most(quotas[name].perDay ? 0 : 1), Type.Null()], {
            description: `${quotas[name].words} null: as many as all have.`,
          }),
        ),
      spokenName,
    ),
    { additionalProperties: false, minProperties: 1 },
  ),
);

/** What a user may use and has used. */
export const quotasShown = Type.Object(
  each(
    (name) =>
      Type.Object(
        {
          limit: Type.Union([Type.Integer(), Type.Null()], { description: 'null: as many as you like.' }),
          ...(quotas[name].perDay
            ? {
                used: Type.Integer(),
                resetsAt: Type.String({ format: 'date-time', description: 'When it starts anew.' }),
              }
            : {}),
        },
        { additionalProperties: false, description: quotas[name].words },
      ),
    spokenName,
  ),
  { additionalProperties: false },
);
export type QuotasShown = Static<typeof quotasShown>;
