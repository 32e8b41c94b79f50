import { route } from '../../shared/http/route.ts';

/** The documents, as they were generated when the suite was built. */
export interface Services {
  readonly documents: { readonly openapi: string; readonly page: string };
}

const KEPT = 'public, max-age=300';
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export const readOpenapi = route<Services>({
  method: 'GET',
  path: '/v1/openapi.json',
  summary: 'The description of this API as OpenAPI 3.1.',
  access: 'public',
  answers: { 200: 'openapi' },
  handle: async (_request, { documents }) => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': KEPT },
    body: documents.openapi,
  }),
});

export const readPage = route<Services>({
  method: 'GET',
  path: '/docs',
  summary: 'The description of this API as a page.',
  access: 'public',
  answers: { 200: 'page' },
  handle: async (_request, { documents }) => ({
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': KEPT,
      'content-security-policy': PAGE_POLICY,
    },
    body: documents.page,
  }),
});
