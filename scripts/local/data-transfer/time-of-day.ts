const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** Milliseconds since midnight of `09:05`; undefined for what is no time of day. */
export function timeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/** Midnight, in UTC, of the day that a time is in. */
export function midnightOf(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}
