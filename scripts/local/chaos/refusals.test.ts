import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { Firestore } from '@google-cloud/firestore';
import { Storage } from '@google-cloud/storage';
import { OAuth2Client } from 'google-auth-library';
import { createBigquery } from '../bigquery/index.ts';
import { createFirestoreWith } from '../firestore/index.ts';
import { openPort, type Port } from '../plumbing/port.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { createStorage } from '../storage/index.ts';
import { Refusals } from './refusals.ts';
import { isRetriedCall, isRetriedRequest } from './retried.ts';
import { calm } from './settings.ts';

describe('calls that are refused on purpose', () => {
  it('are those that clients make again', () => {
    assert.ok(isRetriedCall('/google.firestore.v1.Firestore/Commit'));
    assert.ok(!isRetriedCall('/google.firestore.v1.Firestore/Write'));
    assert.ok(!isRetriedCall('/google.cloud.tasks.v2.CloudTasks/CreateTask'));
    assert.ok(!isRetriedCall('/google.cloud.secretmanager.v1.SecretManagerService/AddSecretVersion'));
    const official = { 'x-goog-api-client': 'gl-node/24' };
    const is = (method: string, path: string, headers = {}) =>
      isRetriedRequest(method, new URL(path, 'http://127.0.0.1'), headers);
    assert.ok(is('GET', '/storage/v1/b/files/o/a', official));
    assert.ok(!is('GET', '/storage/v1/b/files/o/a'));
    assert.ok(!is('POST', '/upload/storage/v1/b/files/o?name=a', official));
    assert.ok(is('POST', '/upload/storage/v1/b/files/o?name=a&ifGenerationMatch=0', official));
    assert.ok(is('POST', '/bigquery/v2/projects/p/jobs', official));
    assert.ok(!is('GET', '/v1/runs', official));
  });

  describe('follow from the seed', () => {
    const requestsOf = (seed: number, paths: readonly string[]) => {
      const refusals = new Refusals({ ...calm, unavailable: 0.3, seed }, () => {});
      const request = { method: 'GET', headers: { 'x-goog-api-client': 'gl-node/24' } } as unknown as IncomingMessage;
      return paths.map((path) => refuses(() => refusals.refuseRequest(request, new URL(path, 'http://127.0.0.1'))));
    };

    it('and from how many requests came before, not from what they are about', () => {
      const numbers = Array.from({ length: 60 }, (_, n) => n);
      const first = requestsOf(
        7,
        numbers.map((n) => `/storage/v1/b/files/o/${n}`),
      );
      assert.ok(first.filter((is) => is).length > 5, first.join());
      const others = numbers.map((n) => `/storage/v1/b/files/o/other-${n}`);
      assert.deepEqual(requestsOf(7, others), first);
      assert.notDeepEqual(requestsOf(8, others), first);
    });

    it('and refuse the same request twice in a row at most', () => {
      const answers = requestsOf(
        7,
        Array.from({ length: 2000 }, () => '/storage/v1/b/files/o/one'),
      );
      assert.doesNotMatch(answers.map((is) => (is ? 'x' : '.')).join(''), /xxx/);
      assert.match(answers.map((is) => (is ? 'x' : '.')).join(''), /xx/);
    });
  });

  it('lose acknowledgements of pulls, two in a row at most', async () => {
    const acknowledge = { path: '/google.pubsub.v1.Subscriber/Acknowledge', requestSerialize: () => Buffer.from('x') };
    let taken = 0;
    const take = (_: unknown, done: () => void) => {
      taken += 1;
      done();
    };
    const service = new Refusals({ ...calm, dropAck: 0.5, seed: 3 }, () => {}).wrap({
      definition: { Acknowledge: acknowledge } as never,
      implementation: { Acknowledge: take } as never,
    });
    const call = service.implementation.Acknowledge as unknown as (call: object, done: () => void) => void;
    const lost: string[] = [];
    for (let n = 0; n < 200; n++) {
      const before = taken;
      await new Promise<void>((done) => call({ request: { subscription: 'projects/p/subscriptions/s' } }, done));
      lost.push(taken === before ? 'x' : '.');
    }
    assert.match(lost.join(''), /xx/);
    assert.doesNotMatch(lost.join(''), /xxx/);
  });

  describe('make no difference to the official client of', () => {
    let cloud: TestCloud;
    let port: Port;
    const made: string[] = [];
    before(async () => {
      cloud = await startServices([createFirestoreWith({ indexes: [], ttl: [] }), createStorage, createBigquery]);
      const refusals = new Refusals({ ...calm, unavailable: 0.3, seed: 5 }, (_, { method }) =>
        made.push(String(method)),
      );
      port = await openPort({
        port: 0,
        grpc: cloud.services.flatMap(({ grpc }) => grpc ?? []).map((service) => refusals.wrap(service)),
        async http(request, response, url) {
          try {
            refusals.refuseRequest(request, url);
            for (const service of cloud.services) if (await service.http?.(request, response, url)) return;
          } catch (error) {
            response.writeHead((error as { status: number }).status).end('{"error":{"code":503,"message":"chaos"}}');
          }
        },
      });
    });
    beforeEach(() => void made.splice(0));
    after(async () => {
      await port.close();
      await cloud.close();
    });

    it('Firestore', async function () {
      this.timeout(30_000);
      const firestore = new Firestore({ projectId: 'p', host: `127.0.0.1:${port.port}`, ssl: false });
      for (let index = 0; index < 6; index++) await firestore.doc(`things/${index}`).set({ index });
      const { size } = await firestore.collection('things').get();
      assert.equal(size, 6);
      assert.ok(made.includes('/google.firestore.v1.Firestore/Commit'), made.join());
      await firestore.terminate();
    });

    it('Cloud Storage', async function () {
      this.timeout(30_000);
      const apiEndpoint = `http://127.0.0.1:${port.port}`;
      const storage = new Storage({ projectId: 'p', apiEndpoint, retryOptions: { retryDelayMultiplier: 1 } });
      await storage.createBucket('files');
      for (let index = 0; index < 6; index++) {
        const file = storage.bucket('files').file(`${index}`);
        await file.save('hello', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
        assert.equal(String((await file.download())[0]), 'hello');
      }
      assert.ok(made.some((method) => method.startsWith('POST')) && made.some((method) => method.startsWith('GET')));
    });

    it('BigQuery', async function () {
      this.timeout(30_000);
      const authClient = new OAuth2Client();
      authClient.setCredentials({ access_token: 'local', expiry_date: Date.now() + 3_600_000 });
      const bigquery = new BigQuery({
        projectId: 'p',
        apiEndpoint: `http://127.0.0.1:${port.port}`,
        authClient,
      } as unknown as BigQueryOptions);
      for (let number = 1; made.length === 0; number++)
        assert.deepEqual((await bigquery.query(`SELECT ${number} AS n`))[0], [{ n: number }]);
    });
  });
});

function refuses(call: () => void): boolean {
  try {
    call();
    return false;
  } catch (error) {
    assert.equal((error as { status?: number }).status, 503);
    return true;
  }
}
