import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 25_000;

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
  const position = Buffer.from(token, 'base64url').toString();
  const start = Number(position);
  if (token !== '' && !/^\d+$/.test(position))
    throw new RpcError(status.INVALID_ARGUMENT, `the page token "${token}" is not valid`);
  const end = start + Math.min(size || DEFAULT_PAGE, LARGEST_PAGE);
  const nextPageToken = end < items.length ? Buffer.from(String(end)).toString('base64url') : '';
  return { items: items.slice(start, end), nextPageToken, totalSize: items.length };
}
