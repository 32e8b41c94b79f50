import assert from 'node:assert/strict';

/** Begins a resumable upload into the bucket `uploads`, as a client without a library does; gives its address. */
export async function beginUpload(
  origin: string,
  name: string,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<string> {
  const url = `${origin}/upload/storage/v1/b/uploads/o?uploadType=resumable&name=${name}${query}`;
  const answer = await fetch(url, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', ...headers },
  });
  assert.equal(answer.status, 200);
  return answer.headers.get('location') ?? '';
}

/** Sends a piece of one. */
export const sendPiece = (uri: string, body: Buffer | null, range: string): Promise<Response> =>
  fetch(uri, {
    method: 'PUT',
    headers: { 'content-range': range },
    redirect: 'manual',
    ...(body && { body: new Uint8Array(body) }),
  });
