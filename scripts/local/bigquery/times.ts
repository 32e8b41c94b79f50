/** Civil times and instants of BigQuery, in microseconds and days, proleptic Gregorian, years 1 to 9999. */

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?$/;
const OFFSET = /^(.*?)\s*(?:([zZ])|(UTC)|([+-])(\d{1,2})(?::?(\d{2}))?)$/;
const ZONE = /^(.*?\d)\s+([A-Za-z][A-Za-z_]*(?:\/[A-Za-z0-9_+-]+)*)$/;
const DAY_MS = 86_400_000;
export const DAY_MICROS = 86_400_000_000n;
const FIRST = -62_135_596_800_000_000n;
const LAST = 253_402_300_799_999_999n;

/** Days since 1970-01-01 of `YYYY-[M]M-[D]D`, or undefined when it is no date. */
export function parseDate(text: string): number | undefined {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (!year || !month || !day) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) > 0;
  return real ? Math.floor(date.getTime() / DAY_MS) : undefined;
}

/** Microseconds since midnight of `[H]H:[M]M[:[S]S[.F]]`, or undefined. Digits past the sixth must be zeros. */
export function parseTime(text: string): bigint | undefined {
  const [, hour, minute, second = '0', fraction = ''] = TIME.exec(text) ?? [];
  if (!hour || !minute || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (/[1-9]/.test(fraction.slice(6))) return undefined;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** Microseconds since 1970-01-01 00:00:00 of a DATETIME, `DATE[( |T)TIME]`, or undefined. */
export function parseDatetime(text: string): bigint | undefined {
  const [date = '', time, ...rest] = text.split(/[ Tt]/);
  if (rest.length > 0) return undefined;
  const days = parseDate(date);
  const micros = time === undefined ? 0n : parseTime(time);
  return days === undefined || micros === undefined ? undefined : BigInt(days) * DAY_MICROS + micros;
}

/**
 * Microseconds since the epoch of a TIMESTAMP: a DATETIME and then `Z`, ` UTC`, an offset, or nothing (UTC);
 * or undefined. With a named zone, the civil time and the zone.
 */
export function parseTimestamp(text: string): { micros: bigint; zone?: string } | undefined {
  const trimmed = text.trim();
  const whole = parseDatetime(trimmed);
  if (whole !== undefined) return { micros: whole };
  const [, civil = '', , , sign, hours, minutes] = OFFSET.exec(trimmed) ?? [];
  const offset = civil === '' ? undefined : parseDatetime(civil);
  if (offset !== undefined) {
    const shift = BigInt(Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000_000n;
    const micros = sign === '-' ? offset + shift : offset - shift;
    return micros < FIRST || micros > LAST ? undefined : { micros };
  }
  const [, local = '', zone] = ZONE.exec(trimmed) ?? [];
  const micros = zone ? parseDatetime(local) : undefined;
  return micros === undefined || !zone ? undefined : { micros, zone };
}

/** Microseconds of seconds since the epoch, as streaming inserts take them: whole or decimal. */
export function parseEpochSeconds(seconds: string): bigint | undefined {
  const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(seconds) ?? [];
  if (whole === '') return undefined;
  const micros = BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  const signed = sign === '-' ? -micros : micros;
  return signed < FIRST || signed > LAST ? undefined : signed;
}

/** `YYYY-MM-DD`. */
export function formatDate(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/** `HH:MM:SS[.ffffff]`. */
export function formatTime(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n);
  const part = (value: number) => String(value).padStart(2, '0');
  const text = `${part(Math.floor(seconds / 3600))}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
  const fraction = micros % 1_000_000n;
  return fraction === 0n ? text : `${text}.${String(fraction).padStart(6, '0')}`;
}

/** `YYYY-MM-DDTHH:MM:SS[.ffffff]`. */
export function formatDatetime(micros: bigint): string {
  const { days, rest } = splitDays(micros);
  return `${formatDate(days)}T${formatTime(rest)}`;
}

/** Whole days, and the microseconds into the day. */
export function splitDays(micros: bigint): { days: number; rest: bigint } {
  const rest = ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
  return { days: Number((micros - rest) / DAY_MICROS), rest };
}
