import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 25_000;

/** What a filter may name of an item. */
export interface Filterable {
  /** Fields that are compared: `name`, `state`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** One page of items. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
  readonly totalSize: number;
}

/** Cuts the page that the request asks for. @throws RpcError INVALID_ARGUMENT for a token that is none of ours. */
export function pageOf<T>(items: readonly T[], size: number, token: string): Page<T> {
  if (size < 0) throw new RpcError(status.INVALID_ARGUMENT, 'page_size cannot be negative');
  const start = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0)
    throw new RpcError(status.INVALID_ARGUMENT, `the page token "${token}" is not valid`);
  const end = start + Math.min(size || DEFAULT_PAGE, LARGEST_PAGE);
  const nextPageToken = end < items.length ? Buffer.from(String(end)).toString('base64url') : '';
  return { items: items.slice(start, end), nextPageToken, totalSize: items.length };
}

/**
 * The test that a filter stands for: comparisons `field=value`, `field:value` (contains), `field!=value`,
 * `labels.key=value` and `labels.key:*`, joined by AND.
 * @throws RpcError UNIMPLEMENTED for every other filter.
 */
export function filterOf(filter: string): (item: Filterable) => boolean {
  if (filter.trim() === '') return () => true;
  const tests = filter.split(/\s+AND\s+/).map(comparison);
  return (item) => tests.every((test) => test(item));
}

function comparison(text: string): (item: Filterable) => boolean {
  const match = /^\s*(labels\.)?([\w-]+)\s*(!=|=|:)\s*(?:"([^"]*)"|([^\s"()]+))\s*$/.exec(text);
  if (!match) throw new RpcError(status.UNIMPLEMENTED, `the filter "${text}" is not supported locally`);
  const [, label, key = '', operator, quoted, plain] = match;
  const wanted = quoted ?? plain ?? '';
  return (item) => {
    const values = label ? item.labels : item.fields;
    if (!label && !Object.hasOwn(values, key)) {
      throw new RpcError(status.UNIMPLEMENTED, `filtering by "${key}" is not supported locally`);
    }
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (operator === '!=') return value !== wanted;
    if (value === undefined) return false;
    if (operator === '=') return value === wanted;
    return wanted === '*' || value.toLowerCase().includes(wanted.toLowerCase());
  };
}
