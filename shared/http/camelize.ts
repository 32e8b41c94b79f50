/**
 * A stored value as HTTP bodies and reports carry it: the names of fields in camelCase, Dates as RFC 3339. Values under
 * the keys in `opaque` are users' own content: they stay as they are.
 */
export function camelize(value: unknown, opaque: ReadonlySet<string> = userContent): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => camelize(item, opaque));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      toCamelCase(name),
      opaque.has(name) ? field : camelize(field, opaque),
    ]),
  );
}

const userContent: ReadonlySet<string> = new Set([
  'definition',
  'variables',
  'parameters',
  'row',
  'steps',
  'config',
  'value',
  'expected',
  'actual',
]);

function toCamelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
