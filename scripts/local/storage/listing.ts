import type { Store } from '../plumbing/store.ts';
import { invalid, unsupported } from './errors.ts';
import { globPattern } from './glob.ts';
import { integerOf } from './preconditions.ts';
import type { ObjectRow } from './tables.ts';

/** What objects are listed, and how many of them. */
export interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  /** Names from this one on. */
  readonly startOffset: string;
  /** Names before this one. */
  readonly endOffset: string | undefined;
  readonly includeTrailingDelimiter: boolean;
  readonly glob: RegExp | undefined;
  readonly versions: boolean;
  readonly softDeleted: boolean;
  readonly limit: number;
  readonly after: Position | undefined;
}

/** Where a page ended: at a version, or behind a prefix. */
interface Position {
  readonly name: string;
  readonly generation: number;
}

export interface ObjectPage {
  readonly items: ObjectRow[];
  readonly prefixes: string[];
  readonly nextPageToken: string | undefined;
}

const LARGEST_PAGE = 1000;
/** Sorts behind every character that a name goes on with. */
const LAST = '\u{10ffff}';

/** Reads the parameters of `objects.list`. @throws HttpError 400, or 501 with the parameter's name. */
export function listingOf(params: URLSearchParams): Listing {
  // Folders (includeFoldersAsPrefixes) are resources of their own only in buckets with a hierarchical namespace: there are none.
  if (params.get('filter')) throw unsupported('The parameter filter');
  const glob = params.get('matchGlob');
  const limit = integerOf(params, 'maxResults') ?? LARGEST_PAGE;
  return {
    prefix: params.get('prefix') ?? '',
    delimiter: params.get('delimiter') ?? '',
    startOffset: params.get('startOffset') ?? '',
    endOffset: params.get('endOffset') || undefined,
    includeTrailingDelimiter: params.get('includeTrailingDelimiter') === 'true',
    glob: glob ? globPattern(glob) : undefined,
    versions: params.get('versions') === 'true',
    softDeleted: params.get('softDeleted') === 'true',
    limit: Math.min(Math.max(limit, 1), LARGEST_PAGE),
    after: positionOf(params.get('pageToken')),
  };
}

/** One page of a bucket's objects, by name (in the order of UTF-8) and generation. */
export function listObjects(store: Store, bucket: string, listing: Listing): ObjectPage {
  const page: ObjectPage & { nextPageToken: string | undefined } = {
    items: [],
    prefixes: [],
    nextPageToken: undefined,
  };
  // Soft delete is off: no object is ever in that state.
  if (listing.softDeleted) return page;
  let last = listing.after;
  let next = scan(store, bucket, listing, last);
  for (;;) {
    let skipTo: Position | undefined;
    for (const row of next) {
      const prefix = prefixOf(row.name, listing);
      const shown = prefix === undefined || (listing.includeTrailingDelimiter && row.name === prefix);
      if (page.items.length + page.prefixes.length >= listing.limit)
        return { ...page, nextPageToken: last && tokenOf(last) };
      last = { name: row.name, generation: row.generation };
      if (shown && matches(row, listing)) page.items.push(row);
      if (prefix === undefined || !matches(row, listing, prefix)) continue;
      if (page.prefixes.at(-1) !== prefix) page.prefixes.push(prefix);
      if (shown) continue;
      // Everything else below the prefix is skipped in one step.
      skipTo = { name: prefix + LAST, generation: Number.MAX_SAFE_INTEGER };
      break;
    }
    if (!skipTo) return page;
    last = skipTo;
    next = scan(store, bucket, listing, last);
  }
}

function scan(store: Store, bucket: string, listing: Listing, after: Position | undefined): Iterable<ObjectRow> {
  const { prefix, startOffset, endOffset, versions } = listing;
  return store.iterate<ObjectRow>(
    `SELECT * FROM storage_objects WHERE bucket = ? AND name >= max(?, ?) AND (name, generation) > (?, ?)
       AND substr(name, 1, ?) = ? AND (? IS NULL OR name < ?) AND (? = 1 OR live = 1)
     ORDER BY name, generation`,
    bucket,
    prefix,
    startOffset,
    after?.name ?? '',
    after?.generation ?? -1,
    [...prefix].length,
    prefix,
    endOffset ?? null,
    endOffset ?? null,
    versions ? 1 : 0,
  );
}

function prefixOf(name: string, { prefix, delimiter }: Listing): string | undefined {
  const end = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : name.slice(0, end + delimiter.length);
}

function matches(row: ObjectRow, { glob }: Listing, prefix?: string): boolean {
  return glob === undefined || glob.test(row.name) || (prefix !== undefined && glob.test(prefix));
}

function tokenOf({ name, generation }: Position): string {
  return Buffer.from(JSON.stringify([name, generation])).toString('base64url');
}

function positionOf(token: string | null): Position | undefined {
  if (!token) return undefined;
  try {
    const [name, generation] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (typeof name === 'string' && typeof generation === 'number') return { name, generation };
  } catch {
    // Falls through to the answer below.
  }
  throw invalid('Invalid value for: pageToken');
}
