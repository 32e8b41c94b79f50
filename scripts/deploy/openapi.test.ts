import assert from 'node:assert/strict';
import { renderPage } from '../../functions/docs/page.ts';
import { functions } from '../../functions/index.ts';
import type { Route } from '../../shared/http/route.ts';
import { openapiDocument } from './openapi/document.ts';

type Json = Record<string, unknown>;

describe("the API's description", () => {
  const document = openapiDocument(functions) as Json & {
    paths: Record<string, Record<string, Json & { operationId: string; parameters: Json[]; responses: Json }>>;
    components: Record<string, Json>;
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const routes = functions.flatMap(({ trigger }) =>
    trigger.kind === 'http' ? (trigger.routes as readonly Route[]) : [],
  );

  it('has every route', () => assert.equal(operations.length, routes.length));

  it('has a name of its own for every operation', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z]+[A-Za-z0-9]+$/);
  });

  it('says every parameter of a path', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      assert.deepEqual(declared, named, path);
    }
  });

  it('says of every operation what it answers when all is well, when not, and when there are too many', () => {
    for (const { path, operation } of operations) {
      const statuses = Object.keys(operation.responses);
      assert.ok(
        statuses.some((status) => status.startsWith('2')),
        path,
      );
      for (const status of ['400', '429', '500']) assert.ok(statuses.includes(status), `${path} ${status}`);
    }
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    assert.ok(references.length > 100);
    for (const reference of references) {
      const found = reference.split('/').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document);
      assert.ok(found, reference);
    }
  });

  it('is a page too, with every operation, and without scripts', () => {
    const page = renderPage(document as never);
    for (const { path } of operations) assert.ok(page.includes(`<code>${path}</code>`), path);
    assert.ok(!page.includes('<script'));
  });
});
