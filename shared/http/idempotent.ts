import type { Idempotency } from '../domain/idempotency.ts';
import { AppError } from '../platform/errors.ts';
import type { ApiReply, ApiRequest } from './route.ts';

/** Methods that are not idempotent by themselves (RFC 9110, 9.2.2). */
const METHODS: ReadonlySet<string> = new Set(['POST', 'PATCH']);
/** Printable ASCII. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Answers a request, once for an Idempotency-Key of its sender. Of nobody known it counts for nothing: such keys would be
 * those of all, and kept for whoever asks. What is open to them knows by itself what comes again.
 * @param path with its parameters filled in.
 * @throws AppError invalid-argument for a key that is none
 */
export async function answerOnce(
  request: ApiRequest,
  path: string,
  idempotency: Idempotency,
  work: () => Promise<ApiReply>,
): Promise<ApiReply> {
  const key = request.header('idempotency-key');
  const isKnown = request.caller.keyHash !== '';
  if (key === undefined || !isKnown || !METHODS.has(request.method)) return await work();
  if (!KEY.test(key)) {
    throw new AppError('invalid-argument', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
  const { method, caller, query } = request;
  const body = request.body instanceof Uint8Array ? Buffer.from(request.body).toString('base64') : request.body;
  const { reply, again } = await idempotency.once(
    { userId: caller.userId, key, content: [method, path, query, body] },
    async () => {
      const { status, headers = {}, body: answer } = await work();
      return { status, headers, body: answer };
    },
  );
  return again ? { ...reply, headers: { ...reply.headers, 'idempotency-replayed': 'true' } } : reply;
}
