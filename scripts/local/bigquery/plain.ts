/** A value of Google's client as JSON: dates and times as their text, decimals as strings, bytes in hex. */
export function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (value.constructor.name === 'Big') return String(value);
  if ('value' in value && value.constructor.name.startsWith('BigQuery')) return value.value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
