import { TOKEN_SECONDS } from '../../shared/http/access-tokens.ts';
import { route } from '../../shared/http/route.ts';
import type { Services } from './services.ts';

export const exchangeKey = route<Services>({
  method: 'POST',
  path: '/v1/auth/token',
  summary: 'Gives an access token for a quarter of an hour in exchange for a key.',
  access: 'authenticated',
  answers: { 200: 'token' },
  async handle({ caller }, { tokens }) {
    const accessToken = await tokens.sign(caller);
    const body = { accessToken, tokenType: 'Bearer', expiresIn: TOKEN_SECONDS, scope: caller.scopes.join(' ') };
    return { status: 200, body };
  },
});

/** How long a client may keep the keys, in seconds: shorter than a key that is rotated out stays good. */
const KEPT_SECONDS = 300;

export const publicKeys = route<Services>({
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'The public keys that access tokens are signed with (RFC 7517).',
  access: 'public',
  answers: { 200: 'jwks' },
  handle: async (_request, { tokens }) => ({
    status: 200,
    headers: { 'cache-control': `public, max-age=${KEPT_SECONDS}` },
    body: { keys: await tokens.publicKeys() },
  }),
});
