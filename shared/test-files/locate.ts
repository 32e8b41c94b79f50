import type { Located } from './located.ts';

const nowhere = { start: 0, end: 0 };

/** A plain value as a reader sees it when it is written into a file. The places are not to be used. */
export function locate(value: unknown): Located {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(locate), ...nowhere };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => ({ key, at: nowhere, value: locate(member) }));
    return { kind: 'mapping', entries, ...nowhere };
  }
  if (value === null || value === undefined) return { kind: 'scalar', value: null, written: '', ...nowhere };
  return { kind: 'scalar', value: value as string | number | boolean, written: String(value), ...nowhere };
}
