import { status } from '@grpc/grpc-js';
import { RpcError } from './grpc.ts';

/** How a list is cut into pages. */
export interface PageRequest {
  /** 0 for the usual size. */
  readonly pageSize: number;
  /** Empty for the first page. */
  readonly pageToken: string;
}

/** One page of items. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
  readonly totalSize: number;
}

/** How many items a page has. @throws RpcError INVALID_ARGUMENT for a negative size. */
export function pageSizeOf(pageSize: number, sizes: { usual: number; largest: number }): number {
  if (pageSize < 0) throw new RpcError(status.INVALID_ARGUMENT, 'page_size cannot be negative');
  return Math.min(pageSize || sizes.usual, sizes.largest);
}

/**
 * Cuts the page that a request asks for.
 * @param sizes the usual size of a page and the largest there is
 * @throws RpcError INVALID_ARGUMENT for a token that is none of ours.
 */
export function pageOf<T>(
  items: readonly T[],
  { pageSize, pageToken }: PageRequest,
  sizes: { usual: number; largest: number },
): Page<T> {
  const position = Buffer.from(pageToken, 'base64url').toString();
  const start = Number(position);
  if (pageToken !== '' && !/^\d+$/.test(position))
    throw new RpcError(status.INVALID_ARGUMENT, `the page token "${pageToken}" is not valid`);
  const end = start + pageSizeOf(pageSize, sizes);
  const nextPageToken = end < items.length ? Buffer.from(String(end)).toString('base64url') : '';
  return { items: items.slice(start, end), nextPageToken, totalSize: items.length };
}
