/** Firestore keeps no field deeper than 20 levels; that of the document is the first. */
export const DEEPEST_VALUE = 19;

/** How many lists and mappings stand inside each other in a value, itself counted. A list right in a list is stored as a mapping. */
export function nestingOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inList = Array.isArray(value);
  const depths = Object.values(value).map((member) => nestingOf(member) + (inList && Array.isArray(member) ? 1 : 0));
  return 1 + depths.reduce((most, depth) => Math.max(most, depth), 0);
}
