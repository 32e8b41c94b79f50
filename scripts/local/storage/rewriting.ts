import { createHash } from 'node:crypto';
import { answer, type Call } from './call.ts';
import { type Place, planCopy } from './copying.ts';
import { invalid } from './errors.ts';
import { integerOf } from './preconditions.ts';
import type { Storage } from './storage.ts';
import type { ObjectRow } from './tables.ts';

const MIB = 1024 * 1024;

/** How far a rewrite has got, as its token carries it. */
interface Progress {
  readonly rewritten: number;
  /** Of the source. */
  readonly generation: number;
  /** Tells rewrites apart: source, destination and metadata. */
  readonly of: string;
}

/**
 * `rewriteTo`. Bytes are shared and not copied, so that it is done at once; only when `maxBytesRewrittenPerCall` asks for
 * steps, and location or storage class change, does it take as many calls as Google's.
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects/rewrite
 */
export async function rewriteObject(storage: Storage, call: Call, from: Place, to: Place): Promise<void> {
  const { objects, buckets } = storage;
  const step = stepOf(call.params);
  const { object, source, body } = await planCopy(storage, call, from, to);
  const of = createHash('sha256')
    .update(JSON.stringify([from, to, body]))
    .digest('base64url');
  const before = progressOf(call.params.get('rewriteToken'), source, of);
  const target = buckets.settings(to.bucket);
  const storageClass = object.storageClass ?? target.storageClass;
  const crosses = storageClass !== source.storage_class || target.location !== buckets.settings(from.bucket).location;
  const rewritten = before + (step ?? Number.POSITIVE_INFINITY);
  if (crosses && rewritten < source.size) {
    objects.prepare(object);
    const progress: Progress = { rewritten, generation: source.generation, of };
    const rewriteToken = Buffer.from(JSON.stringify(progress)).toString('base64url');
    return answer(call, { ...responseOf(rewritten, source), done: false, rewriteToken });
  }
  const resource = objects.resource(objects.put(object, source), call.origin);
  answer(call, { ...responseOf(source.size, source), done: true, resource });
}

function responseOf(rewritten: number, source: ObjectRow) {
  return {
    kind: 'storage#rewriteResponse',
    totalBytesRewritten: String(rewritten),
    objectSize: String(source.size),
  };
}

function stepOf(params: URLSearchParams): number | undefined {
  const step = integerOf(params, 'maxBytesRewrittenPerCall');
  if (step !== undefined && (step === 0 || step % MIB !== 0)) {
    throw invalid('maxBytesRewrittenPerCall must be an integral multiple of 1 MiB (1048576).');
  }
  return step;
}

function progressOf(token: string | null, source: ObjectRow, of: string): number {
  if (!token) return 0;
  try {
    const progress = JSON.parse(Buffer.from(token, 'base64url').toString()) as Progress;
    if (progress.of === of && progress.generation === source.generation) return Number(progress.rewritten);
  } catch {
    // Falls through to the answer below.
  }
  throw invalid('The rewrite token is not one of this rewrite: begin again without it.');
}
