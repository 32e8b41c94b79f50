import { defineFunction } from '../../shared/define/function.ts';
import { defineService } from '../../shared/define/service.ts';
import { http } from '../../shared/define/trigger.ts';
import { readOpenapi, readPage } from './handler.ts';
import openapi from './openapi.json' with { type: 'json' };
import { renderPage } from './page.ts';

export const docs = defineFunction({
  name: 'docs',
  summary: 'Describes the API, for machines and for people.',
  trigger: http([readOpenapi, readPage]),
  memory: '256Mi',
  services: {
    documents: defineService([], () => ({ openapi: JSON.stringify(openapi), page: renderPage(openapi as never) })),
  },
});
