/**
 * Sets a key of a map that an instance keeps in its memory. When the map is full, the key that was set first goes.
 * @param most how many keys there may be
 */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  if (map.size >= most) map.delete(map.keys().next().value as K);
  map.set(key, value);
}
