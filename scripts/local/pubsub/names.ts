import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

/** Collections of a project whose resources have names of the same form. */
export type Kind = 'topics' | 'subscriptions' | 'snapshots' | 'schemas';

/** What a subscription's topic is called once it was deleted. */
export const DELETED_TOPIC = '_deleted-topic_';

const ID = /^[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;

/**
 * Checks a full resource name: `projects/P/topics/ID`, the ID 3 to 255 letters, digits and `-_.~+%`, not beginning with `goog`.
 * @throws RpcError INVALID_ARGUMENT
 */
export function resourceName(name: string, kind: Kind): string {
  const [projects, project, kinds, id, ...more] = name.split('/');
  const valid = projects === 'projects' && project && kinds === kind && id && ID.test(id) && more.length === 0;
  if (valid && !id.toLowerCase().startsWith('goog')) return name;
  throw new RpcError(
    status.INVALID_ARGUMENT,
    `Invalid resource name given (name=${name}). Expected projects/PROJECT_ID/${kind}/ID; refer to ` +
      'https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names for more information.',
  );
}

/** @throws RpcError INVALID_ARGUMENT unless it is `projects/P`. */
export function projectName(name: string): string {
  if (/^projects\/[^/]+$/.test(name)) return name;
  throw new RpcError(
    status.INVALID_ARGUMENT,
    `Invalid project name given (name=${name}). Expected projects/PROJECT_ID.`,
  );
}

/** The last part of a resource name. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The project of a resource name. */
export function projectOf(name: string): string {
  return name.split('/')[1] ?? '';
}

export function notFound(name: string): RpcError {
  return new RpcError(status.NOT_FOUND, `Resource not found (resource=${shortName(name)}).`);
}

export function alreadyExists(name: string): RpcError {
  return new RpcError(status.ALREADY_EXISTS, `Resource already exists in the project (resource=${shortName(name)}).`);
}

export function invalid(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}

/** Maps and lists, which are never absent. */
const EMPTY_IF_BARE = new Set(['tags', 'messageTransforms', 'auditConfigs']);

/** Refuses the fields of a message that are set but not supported. @throws RpcError UNIMPLEMENTED */
export function refuseFields(type: string, message: object, fields: readonly string[]): void {
  for (const field of fields) {
    const value = (message as Record<string, unknown>)[field];
    const empty =
      typeof value === 'object' && value !== null && EMPTY_IF_BARE.has(field) && Object.keys(value).length === 0;
    if (!value || empty) continue;
    throw new RpcError(status.UNIMPLEMENTED, `${type}.${field} is not supported locally`);
  }
}

/** Paths of a mask in snake case. @throws RpcError INVALID_ARGUMENT when there are none */
export function maskPaths(mask: { paths: readonly string[] } | null | undefined): string[] {
  const paths = (mask?.paths ?? []).map((path) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  if (paths.length === 0) throw invalid('The update_mask must be set, and must contain a non-empty paths list.');
  return paths;
}

/** A page of sorted names. The token is the last name of the page before. */
export function pageOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  request: { pageSize: number; pageToken: string },
): { items: T[]; nextPageToken: string } {
  if (request.pageSize < 0) throw invalid('page_size must not be negative.');
  const size = Math.min(request.pageSize || 1000, 1000);
  const rest = items.filter((item) => nameOf(item) > request.pageToken);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { items: page, nextPageToken: rest.length > size && last !== undefined ? nameOf(last) : '' };
}
