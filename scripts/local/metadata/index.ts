import type { IncomingMessage } from 'node:http';
import { sendError, sendJson } from '../plumbing/http.ts';
import type { CreateService, LocalService, ServiceContext } from '../plumbing/service.ts';
import { publishedKeys } from './certs.ts';
import { createIamCredentials, isIamPath } from './iam-credentials.ts';
import { loadSigningKey, type SigningKey } from './keys.ts';
import { createMetadataServer } from './server.ts';
import { createTokens, type Tokens } from './tokens.ts';

/** The metadata service, and the tokens it gives out, for the host's own requests. */
export interface MetadataWithTokens {
  readonly create: CreateService;
  /**
   * An identity token as the metadata server would give it, cached until five minutes before it expires.
   * @throws when `create` has not been called yet.
   */
  identityToken(audience: string, email: string): Promise<string>;
}

/**
 * The metadata server, Google's public keys and the IAM Credentials API.
 * Clients find it with `GCE_METADATA_HOST=127.0.0.1:PORT` and `METADATA_SERVER_DETECTION=assume-present`.
 * @param options.accountOf address of the service account that a request is from; of the default one when undefined.
 * @param options.serviceAccount address of the default service account; `virtuoso@PROJECT.iam.gserviceaccount.com` when absent.
 */
export function createMetadataWithTokens(
  options: { serviceAccount?: string; accountOf?(request: IncomingMessage): string | undefined } = {},
): MetadataWithTokens {
  let tokens: Tokens | undefined;
  return {
    async create(context) {
      const key = await loadSigningKey(context.store, Date.now());
      tokens = createTokens(key);
      return serviceOf(context, key, tokens, options);
    },
    async identityToken(audience, email) {
      if (!tokens)
        throw new Error('the metadata service has no keys yet: create it before asking for an identity token');
      return tokens.identity(audience, email);
    },
  };
}

/** The metadata service alone, for a cloud whose host needs no tokens. */
export const createMetadata: CreateService = (context) => createMetadataWithTokens().create(context);

function serviceOf(
  context: ServiceContext,
  key: SigningKey,
  tokens: Tokens,
  { serviceAccount, accountOf }: Parameters<typeof createMetadataWithTokens>[0] = {},
): LocalService {
  const { project, region } = context;
  const standard = serviceAccount ?? `virtuoso@${project}.iam.gserviceaccount.com`;
  const servers = new Map<string, ReturnType<typeof createMetadataServer>>();
  const serverFor = (request: IncomingMessage) => {
    const email = accountOf?.(request) ?? standard;
    const server = servers.get(email) ?? createMetadataServer({ project, region, serviceAccount: email }, tokens);
    servers.set(email, server);
    return server;
  };
  const iam = createIamCredentials(tokens, key.kid);
  return {
    name: 'metadata',
    async http(request, response, url) {
      const { pathname } = url;
      const isPing = pathname === '/' && request.headers['metadata-flavor'] !== undefined;
      if (isPing || pathname === '/computeMetadata' || pathname.startsWith('/computeMetadata/')) {
        await serverFor(request)(request, response, url);
        return true;
      }
      if (isIamPath(pathname)) {
        await iam(request, response, url).catch((error: unknown) => sendError(response, error));
        return true;
      }
      const keys = request.method === 'GET' ? await publishedKeys(key, pathname) : undefined;
      if (keys) sendJson(response, 200, keys.body, keys.headers);
      return keys !== undefined;
    },
  };
}
