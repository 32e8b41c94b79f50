/** A priority queue: the item with the smallest key first; items of equal keys in no promised order. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #key: (item: T) => number;

  constructor(key: (item: T) => number) {
    this.#key = key;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    const key = this.#key(item);
    let hole = items.length;
    items.push(item);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = items[above] as T;
      if (this.#key(parent) <= key) break;
      items[hole] = parent;
      hole = above;
    }
    items[hole] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    const key = this.#key(last);
    let hole = 0;
    for (;;) {
      let below = 2 * hole + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && this.#key(items[below + 1] as T) < this.#key(items[below] as T)) below += 1;
      if (this.#key(items[below] as T) >= key) break;
      items[hole] = items[below] as T;
      hole = below;
    }
    items[hole] = last;
    return first;
  }
}
