/** An INTERVAL, whose three parts are not convertible into each other. */
export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

const CANONICAL = /^\s*([+-]?)(\d+)-(\d+)\s+([+-]?\d+)\s+([+-]?)(\d+):(\d+):(\d+)(?:\.(\d{1,6}))?\s*$/;

/** Reads `[sign]Y-M [sign]D [sign]H:M:S[.F]`, or gives undefined. */
export function parseInterval(text: string): Interval | undefined {
  const parts = CANONICAL.exec(text);
  if (!parts) return undefined;
  const [, sign, years, months, days, clockSign, hours, minutes, seconds, fraction = ''] = parts;
  const whole = BigInt(hours ?? 0) * 3600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds ?? 0);
  const micros = whole * 1_000_000n + BigInt(fraction.padEnd(6, '0') || 0);
  const count = Number(years) * 12 + Number(months);
  return {
    months: sign === '-' ? -count : count,
    days: Number(days),
    micros: clockSign === '-' ? -micros : micros,
  };
}

/** Writes the canonical form, as BigQuery's answers have it: `1-2 3 4:5:6.7`. */
export function formatInterval({ months, days, micros }: Interval): string {
  const sign = (negative: boolean) => (negative ? '-' : '');
  const count = Math.abs(months);
  const time = micros < 0n ? -micros : micros;
  const seconds = time / 1_000_000n;
  const fraction = time % 1_000_000n;
  const digits =
    fraction === 0n
      ? ''
      : `.${String(fraction)
          .padStart(6, '0')
          .replace(/(?:000)$/, '')}`;
  const clock = `${seconds / 3600n}:${(seconds / 60n) % 60n}:${seconds % 60n}${digits}`;
  return `${sign(months < 0)}${Math.floor(count / 12)}-${count % 12} ${days} ${sign(micros < 0n)}${clock}`;
}
