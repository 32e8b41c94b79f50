/**
 * BIGNUMERIC has 38 digits before the point and 38 after it, more than any type of DuckDB. It is kept as the pair
 * (order, text): `order` is a fixed-width digit string that sorts and compares as the number does, `text` its plain
 * decimal form. So grouping, joining and ordering are exact, and arithmetic fails instead of losing digits.
 */
const SCALE = 38;
const WIDTH = 78;
const OFFSET = 10n ** 77n;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The number times 10^scale, rounded half away from zero, or undefined when `text` is no number.
 * @param text decimal, with an exponent or not.
 */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text.trim()) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const shift = Number(exponent) - fraction.length + scale;
  const digits = BigInt(whole + fraction);
  const divisor = 10n ** BigInt(Math.max(0, -shift));
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : (digits + divisor / 2n) / divisor;
  return sign === '-' ? -scaled : scaled;
}

/** A number scaled by 10^scale in plain decimal form without superfluous zeros. */
export function formatDecimal(scaled: bigint, scale: number): string {
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - scale);
  return `${scaled < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
}

/** The stored pair of a BIGNUMERIC, or undefined when `text` is no number or out of range. */
export function encodeBignumeric(text: string): { bignumeric_order: string; bignumeric: string } | undefined {
  const scaled = parseDecimal(text, SCALE);
  if (scaled === undefined || scaled >= OFFSET || scaled <= -OFFSET) return undefined;
  return {
    bignumeric_order: String(scaled + OFFSET).padStart(WIDTH, '0'),
    bignumeric: formatDecimal(scaled, SCALE),
  };
}
