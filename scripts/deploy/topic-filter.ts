/** Pub/Sub's limit. */
const LONGEST_FILTER = 256;

/**
 * The subscription filter for a function that takes these event types. When all types do not fit into a filter, it
 * names the groups that they are of (`run.` of `run.completed`), and when not even those fit, it is empty and lets
 * everything through: whoever receives checks the type again.
 */
export function topicFilter(types: readonly string[]): string {
  const exact = types.map((type) => `attributes.type = "${type}"`).join(' OR ');
  if (exact.length <= LONGEST_FILTER) return exact;
  const groups = new Set(types.map((type) => type.slice(0, type.indexOf('.') + 1)));
  const byGroup = [...groups].map((group) => `hasPrefix(attributes.type, "${group}")`).join(' OR ');
  return byGroup.length <= LONGEST_FILTER ? byGroup : '';
}
