import type { AnyFunction } from '../../../shared/define/function.ts';

/** Declared memory in MiB. */
export function mebibytes(memory: AnyFunction['memory']): number {
  const size = Number.parseInt(memory, 10);
  return memory.endsWith('Gi') ? size * 1024 : size;
}

/**
 * What Node finds by itself in a container of so much memory: V8 lets objects that stay have half of it, up to 4 GiB. A
 * process without a container would be let have as much as the machine allows, and collects its garbage accordingly late.
 */
export const heapOption = (memory: AnyFunction['memory']): string =>
  `--max-old-space-size=${Math.min(4096, mebibytes(memory) / 2)}`;
