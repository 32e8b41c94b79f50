import { invalid } from './errors.ts';

/**
 * Keys: the path of a document as one string that sorts, by its UTF-8 bytes, as Firestore sorts names: segment by
 * segment, numeric ids (`__id7__`) first. U+0001 separates segments; U+0000..U+0002 inside a segment are escaped.
 */
const SEPARATOR = '\u0001';
const ESCAPE = '\u0002';
const NUMERIC_ID = /^__id(-?\d+)__$/;
const LONGEST_ID_BYTES = 1500;
const LONGEST_PATH_BYTES = 6 * 1024;
const DEEPEST_COLLECTION = 100;

export interface ResourceName {
  /** `projects/P/databases/D`. */
  readonly database: string;
  /** Segments below `documents`. */
  readonly segments: readonly string[];
}

/** Takes `projects/P/databases/D/documents/a/b` apart. Throws INVALID_ARGUMENT. */
export function parseName(name: string): ResourceName {
  const [projects, project, databases, database, documents, ...segments] = name.split('/');
  if (projects !== 'projects' || !project || databases !== 'databases' || !database || documents !== 'documents') {
    throw invalid(
      `"${name}" is not a resource name: expected projects/{project}/databases/{database}/documents/{path}`,
    );
  }
  return { database: `projects/${project}/databases/${database}`, segments };
}

/** The key of a document's name that must lie in `database`. Throws INVALID_ARGUMENT. */
export function documentKey(name: string, database: string): string {
  const segments = segmentsIn(name, database);
  if (segments.length === 0 || segments.length % 2 !== 0) {
    throw invalid(`Document name "${name}" lacks "/" at index ${name.length}: it has an odd number of segments.`);
  }
  checkSegments(segments, name);
  return toKey(segments);
}

function segmentsIn(name: string, database: string): readonly string[] {
  const documents = `${database}/documents/`;
  if (name.startsWith(documents)) return name.slice(documents.length).split('/');
  const parsed = parseName(name);
  if (parsed.database === database) return parsed.segments;
  throw invalid(`"${name}" is not in the database ${database} that the request is for`);
}

/** The key of a parent: a document's name, or `…/documents` (the empty key). */
export function parentKey(name: string): { database: string; key: string } {
  const { database, segments } = parseName(name);
  if (segments.length % 2 !== 0) throw invalid(`Parent "${name}" is a collection; a document or the root is expected.`);
  checkSegments(segments, name);
  return { database, key: toKey(segments) };
}

function checkSegments(segments: readonly string[], name: string): void {
  for (const segment of segments) checkSegment(segment, name);
  if (segments.length > 2 * DEEPEST_COLLECTION) {
    throw invalid(`The document name lies more than ${DEEPEST_COLLECTION} collections deep.`);
  }
  if (isLonger(name, LONGEST_PATH_BYTES)) throw invalid('The document name is longer than 6 KiB.');
}

function checkSegment(segment: string, name: string): void {
  if (segment === '') throw invalid(`Document name "${name}" has an empty segment.`);
  if (segment === '.' || segment === '..') throw invalid(`Resource id "${segment}" is invalid because it is reserved.`);
  if (segment.startsWith('__') && /^__.*__$/s.test(segment) && !NUMERIC_ID.test(segment)) {
    throw invalid(`Resource id "${segment}" is invalid because it is reserved.`);
  }
  if (isLonger(segment, LONGEST_ID_BYTES)) throw invalid('A resource id is longer than 1500 bytes.');
}

/** Whether a text is longer in UTF-8, in which a character of the text takes at most three bytes. */
function isLonger(text: string, bytes: number): boolean {
  return 3 * text.length > bytes && Buffer.byteLength(text) > bytes;
}

export function toKey(segments: readonly string[]): string {
  return segments.map(encodeSegment).join(SEPARATOR);
}

export function toSegments(key: string): string[] {
  return key === '' ? [] : key.split(SEPARATOR).map(decodeSegment);
}

/** `runs/run_1` of a key. */
export function toPath(key: string): string {
  return toSegments(key).join('/');
}

/** The full resource name of a key. */
export function toName(database: string, key: string): string {
  return key === '' ? `${database}/documents` : `${database}/documents/${toPath(key)}`;
}

/** The collection id (decoded) a document's key lies in. */
export function collectionOf(key: string): string {
  const end = key.lastIndexOf(SEPARATOR);
  return end < 0 ? '' : decodeSegment(key.slice(key.lastIndexOf(SEPARATOR, end - 1) + 1, end));
}

/** The key of the document that a document lies below; '' at the root. */
export function parentOf(key: string): string {
  const collectionAt = key.lastIndexOf(SEPARATOR, key.lastIndexOf(SEPARATOR) - 1);
  return collectionAt < 0 ? '' : key.slice(0, collectionAt);
}

/** Keys strictly below `key` are those in [from, to). */
export function below(key: string): { from: string; to: string } {
  if (key === '') return { from: '', to: '\u{10ffff}\u{10ffff}' };
  return { from: `${key}${SEPARATOR}`, to: `${key}${ESCAPE}` };
}

/** The key of a child segment. */
export function childKey(key: string, segment: string): string {
  return key === '' ? encodeSegment(segment) : `${key}${SEPARATOR}${encodeSegment(segment)}`;
}

function encodeSegment(segment: string): string {
  const numeric = segment.startsWith('__') ? NUMERIC_ID.exec(segment) : null;
  if (numeric?.[1]) {
    const shifted = BigInt(numeric[1]) + 2n ** 63n;
    if (shifted >= 0n && shifted < 2n ** 64n) return `${ESCAPE}${ESCAPE}${String(shifted).padStart(20, '0')}`;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters the key format reserves
  return segment.replace(/[\u0000-\u0002]/g, (c) => `${ESCAPE}${String.fromCharCode(c.charCodeAt(0) + 3)}`);
}

function decodeSegment(encoded: string): string {
  if (!encoded.includes(ESCAPE)) return encoded;
  if (encoded.startsWith(ESCAPE + ESCAPE)) return `__id${BigInt(encoded.slice(2)) - 2n ** 63n}__`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters the key format reserves
  return encoded.replace(/\u0002([\u0003-\u0005])/g, (_, c: string) => String.fromCharCode(c.charCodeAt(0) - 3));
}

/** The key one segment below `parent` on the way to `key`, which lies below it. */
export function firstChild(parent: string, key: string): string {
  const start = parent === '' ? 0 : parent.length + 1;
  const end = key.indexOf(SEPARATOR, start);
  return end < 0 ? key : key.slice(0, end);
}
