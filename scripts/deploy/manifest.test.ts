import assert from 'node:assert/strict';
import { functions } from '../../functions/index.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { defineService, reads, writes } from '../../shared/define/service.ts';
import { http, onTopic } from '../../shared/define/trigger.ts';
import { usesOf } from '../../shared/define/uses.ts';
import type { Route } from '../../shared/http/route.ts';
import { reportsBucket } from '../../shared/resources/buckets.ts';
import { cacheCollection } from '../../shared/resources/collections.ts';
import { defaultQueue } from '../../shared/resources/queues.ts';
import { systemEvents } from '../../shared/resources/topics.ts';
import { urlMap } from '../local/host/routes.ts';
import { manifestOf } from './manifest.ts';
import { grantsOf } from './roles.ts';
import { ownerOf, urlMapOf } from './url-map.ts';

const route = (path: string) => ({ path, method: 'GET', access: 'public' }) as Route;

describe('the manifest', () => {
  const manifest = manifestOf(functions);

  it('is the same text for the same declarations', () => {
    assert.equal(JSON.stringify(manifestOf(functions)), JSON.stringify(manifest));
  });

  it('has every function with its limits and its trigger', () => {
    assert.deepEqual(
      Object.keys(manifest.functions),
      functions.map(({ name }) => name),
    );
    const { 'run-session': runSession } = manifest.functions;
    assert.deepEqual(
      [runSession?.memory, runSession?.cpu, runSession?.concurrency, runSession?.timeout_seconds],
      ['2Gi', 2, 1, 1800],
    );
    assert.deepEqual(runSession?.trigger, { kind: 'task', queue: 'test-suite' });
  });

  it('keeps what sends requests of users’ choice out of the network, and what answers everybody in the CDN', () => {
    const names = (kind: 'outbound' | 'public') =>
      Object.entries(manifest.functions)
        .filter(([, declared]) => declared[kind])
        .map(([name]) => name);
    for (const name of ['run-session', 'deliver-webhook']) assert.ok(names('outbound').includes(name), name);
    assert.ok(!names('outbound').includes('runs'));
    assert.ok(names('public').includes('docs') && !names('public').includes('runs'));
  });

  it('gives names that service accounts may have', () => {
    for (const name of Object.keys(manifest.functions)) assert.match(`fn-${name}`, /^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/);
  });
});

describe('the URL map of the load balancer', () => {
  const map = urlMapOf(functions);

  it('sends every route to the function that the local cloud sends it to', () => {
    const local = urlMap(functions);
    const routes = functions.flatMap(({ trigger }) => (trigger.kind === 'http' ? (trigger.routes as Route[]) : []));
    assert.ok(routes.length > 0);
    for (const { path } of routes) {
      const sample = path.replace(/:file\{report\S*$/, 'report').replaceAll(/:\w+/g, 'x1');
      assert.equal(ownerOf(map, sample), local(sample), sample);
    }
  });

  it('prefers what is exact, then what is longer', () => {
    const found = { a: ['/v1/*'], b: ['/v1/runs/*'], c: ['/v1/runs/latest'] };
    assert.deepEqual(
      ['/v1/x', '/v1/runs/x', '/v1/runs/latest', '/v2'].map((path) => ownerOf(found, path)),
      ['a', 'b', 'c', undefined],
    );
  });

  it('refuses two functions that it could not tell apart', () => {
    const two = ['/v1/runs/:id/a', '/v1/runs/:id/b'].map((path, index) =>
      defineFunction({ name: `f${index}`, summary: 'Does.', trigger: http([route(path)]), services: {} }),
    );
    assert.throws(() => urlMapOf(two), /f0 and f1 both have routes of \/v1\/runs\/\*/);
  });
});

describe("a function's roles", () => {
  const service = (...uses: Parameters<typeof defineService>[0]) => ({ service: defineService(uses, () => 0) });
  const rolesOf = (services: ReturnType<typeof service>) =>
    grantsOf(
      defineFunction({
        name: 'f',
        summary: 'Does.',
        trigger: onTopic(systemEvents, []),
        services,
        handle: async () => {},
      }),
    ).map(({ role, on, name }) => `${role} ${on} ${name}`.trim());
  const buried = 'roles/pubsub.publisher topic dead-letters';

  it('are those of its uses, on the very things', () => {
    assert.deepEqual(rolesOf(service(reads(cacheCollection), writes(reportsBucket))), [
      'roles/datastore.viewer project',
      buried,
      'roles/storage.objectUser bucket virtuoso-reports',
    ]);
  });

  it('do not say twice what writing includes', () => {
    assert.deepEqual(rolesOf(service(reads(cacheCollection), writes(cacheCollection))), [
      'roles/datastore.user project',
      buried,
    ]);
  });

  it('let it act as the invoker when it makes tasks', () => {
    assert.deepEqual(rolesOf(service(writes(defaultQueue))), [
      'roles/cloudtasks.enqueuer queue default',
      'roles/iam.serviceAccountUser service-account virtuoso-invoker',
      buried,
    ]);
  });

  it('let it sign with its own key when a service does', () => {
    const { service: reader } = service(reads(reportsBucket));
    assert.ok(
      rolesOf({ service: { ...reader, signs: true } }).includes(
        'roles/iam.serviceAccountTokenCreator service-account fn-f',
      ),
    );
  });

  it('are known for every use of every function', () => {
    for (const declared of functions)
      assert.equal(grantsOf(declared).length > 0, usesOf(declared).length > 0, declared.name);
  });
});
