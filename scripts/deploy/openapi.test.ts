import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { renderPage } from '../../functions/docs/page.ts';
import { functions } from '../../functions/index.ts';
import { answers, problemSchema } from '../../schemas/answers.ts';
import { contract } from '../../schemas/contract.ts';
import type { Route } from '../../shared/http/route.ts';
import { readTestFile } from '../../shared/test-files/read.ts';
import answerExamples from './openapi/answer-examples.json' with { type: 'json' };
import { openapiDocument } from './openapi/document.ts';
import { problemExample, rawExample, requestExamples } from './openapi/examples.ts';

type Json = Record<string, unknown>;

const problem = contract('problem-shown', problemSchema);

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

  it('says where what a request names may not be there', () => {
    const unfound = operations
      .filter(({ operation }) => '404' in operation.responses)
      .map(({ operation }) => operation.operationId);
    assert.ok(unfound.includes('getV1RunsId'));
    assert.ok(unfound.includes('getV1CommandsSuggestions'), 'it names a session in its query');
    assert.ok(!unfound.includes('getV1Runs'));
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    assert.ok(references.length > 100);
    for (const reference of references) {
      const found = reference.split('/').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document);
      assert.ok(found, reference);
    }
  });

  it('shows of every body one that is taken as it stands', () => {
    const bodies = routes.flatMap(({ body }) => (body && body !== 'raw' ? [body] : []));
    assert.ok(bodies.length > 20);
    for (const body of bodies) assert.deepEqual(body.problems(requestExamples[body.name]), [], body.name);
    const used = new Set(bodies.map(({ name }) => name));
    assert.deepEqual(
      Object.keys(requestExamples).filter((name) => !used.has(name)),
      [],
      'of no request',
    );
    for (const { path, operation } of operations) {
      const { content } = (operation.requestBody ?? {}) as { content?: Record<string, Json> };
      if (content)
        assert.ok(
          Object.values(content).some(({ example }) => example !== undefined),
          path,
        );
    }
    assert.ok(problem.accepts(problemExample));
  });

  it('shows of every answer one that is as described', () => {
    const shown = answerExamples as Readonly<Record<string, unknown>>;
    const described = Object.entries(answers).flatMap(([name, body]) =>
      'schema' in body ? [contract(name, body.schema)] : [],
    );
    assert.deepEqual(Object.keys(shown).sort(), described.map(({ name }) => name).sort());
    for (const answer of described) assert.deepEqual(answer.problems(shown[answer.name]), [], answer.name);
  });

  it('shows of every test file one that is read', () => {
    for (const path of ['/v1/tests', '/v1/tests/plan', '/v1/library']) {
      for (const type of ['application/yaml', 'application/json']) {
        const { diagnostics, definition } = readTestFile(rawExample(path, type) ?? '', { name: 'example' });
        assert.deepEqual(diagnostics, [], `${path} ${type}`);
        assert.ok(definition);
      }
    }
  });

  it('says of every operation who may ask, what it is about and what it does', () => {
    const { securitySchemes = {} } = document.components;
    const tags = (document.tags as { name: string }[]).map(({ name }) => name);
    for (const { path, operation } of operations) {
      const security = operation.security as Record<string, unknown>[];
      for (const name of security.flatMap(Object.keys)) assert.ok(name in securitySchemes, `${path} ${name}`);
      assert.equal(security.length === 0, operation['x-scope'] === 'public', path);
      assert.match(String(operation.summary), /^[A-Z].*\.$/, path);
      for (const tag of operation.tags as string[]) assert.ok(tags.includes(tag), `${path} ${tag}`);
    }
  });

  it('has schemas that are schemas (JSON Schema 2020-12), and parameters, headers and answers of a known form', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const check = (schema: unknown, where: string) =>
      assert.ok(ajv.validateSchema(schema as object), `${where}: ${ajv.errorsText()}`);
    for (const [name, schema] of Object.entries(document.components.schemas as Json)) check(schema, name);
    for (const { path, operation } of operations) {
      for (const one of operation.parameters) {
        check(one.schema, `${path} ${one.name}`);
        assert.ok(['path', 'query', 'header'].includes(String(one.in)), path);
      }
      for (const [status, answer] of Object.entries(operation.responses)) {
        assert.match(status, /^[1-5]\d\d$/);
        assert.ok('$ref' in (answer as Json) || typeof (answer as Json).description === 'string', `${path} ${status}`);
      }
    }
  });

  it('is a page too, with every operation, and without scripts', () => {
    const page = renderPage(document as never);
    for (const { path } of operations) assert.ok(page.includes(`<code>${path}</code>`), path);
    assert.ok(!page.includes('<script'));
  });
});
