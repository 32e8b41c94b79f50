import assert from 'node:assert/strict';
import { credentials, status } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';

/** Options of a generated client for an endpoint without TLS. What names the host differs by the client's version. */
export function localClient(endpoint: string) {
  const [host = '127.0.0.1', port] = endpoint.split(':');
  return {
    ...{ apiEndpoint: host, servicePath: host, port: Number(port) },
    ...{ sslCreds: credentials.createInsecure(), authClient: nobody() },
  };
}

/** Never asked for a token; without it the client looks for a metadata server. Its type differs by version. */
export function nobody(): never {
  return new OAuth2Client() as never;
}

/** Asserts that a call fails with a code, and words that its message holds. */
export async function fails(call: Promise<unknown>, code: keyof typeof status, words?: RegExp): Promise<void> {
  await assert.rejects(call, (error: { code?: number; message: string }) => {
    assert.equal(status[error.code ?? -1], code, error.message);
    if (words) assert.match(error.message, words);
    return true;
  });
}
