import assert from 'node:assert/strict';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector } from '../behaviour.ts';
import { PROBE, type Stage } from './stage.ts';

/** What an instance finds around it. */
export function environment({ cloud, ask, mark, lines, heard, google }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  const variables = async (name = 'web') =>
    (await (await ask(name, '/environment')).json()) as Record<string, string | undefined>;
  method('environment', {
    'names service, revision and configuration': async () => {
      const { K_SERVICE, K_REVISION, K_CONFIGURATION } = await variables();
      assert.deepEqual([K_SERVICE, K_CONFIGURATION], ['web', 'web']);
      assert.match(K_REVISION ?? '', /^web-./);
    },
    'names the port of the instance': async () => {
      assert.match((await variables()).PORT ?? '', /^[1-9]\d{3,4}$/);
      assert.notEqual((await variables('warm')).PORT, (await variables()).PORT);
    },
    'names what the functions framework is to call, and how': async () => {
      const { FUNCTION_TARGET, FUNCTION_SIGNATURE_TYPE, NODE_ENV } = await variables('narrow');
      assert.deepEqual([FUNCTION_TARGET, FUNCTION_SIGNATURE_TYPE, NODE_ENV], ['narrow', 'http', 'production']);
    },
    'names the project': async () => {
      assert.equal((await variables()).GOOGLE_CLOUD_PROJECT, 'virtuoso-local');
    },
    'has nothing of the environment of who started the cloud': async () => {
      assert.equal(process.env[PROBE], 'seen');
      assert.equal((await variables())[PROBE], undefined);
    },
    'has a metadata server that gives tokens of the service account': async () => {
      const { GCE_METADATA_HOST } = await variables();
      const path = '/computeMetadata/v1/instance/service-accounts/default/token';
      const answer = await fetch(`http://${GCE_METADATA_HOST}${path}`, { headers: { 'metadata-flavor': 'Google' } });
      assert.equal(typeof ((await answer.json()) as { access_token?: unknown }).access_token, 'string');
    },
  });
  method('log', {
    'has what a function prints under its name, with the severity of its output': async () => {
      const word = mark();
      await (await ask('web', `/print/${word}`)).text();
      const of = (start: string) => lines.find(({ message }) => message === `${start} /print/${word}`);
      await until(() => of('out') !== undefined && of('err') !== undefined);
      assert.deepEqual([of('out')?.function, of('out')?.severity], ['web', 'INFO']);
      assert.deepEqual([of('err')?.function, of('err')?.severity], ['web', 'ERROR']);
    },
    'has what a function logs as JSON as it is, under its name': async () => {
      const word = mark();
      await (await ask('web', `/${word}`)).text();
      await until(() => lines.some(({ url }) => url === `/${word}`));
      const line = lines.find(({ url }) => url === `/${word}`);
      assert.deepEqual(line, { function: 'web', severity: 'INFO', message: 'told', url: `/${word}` });
    },
    'of a function has nothing of another': async () => {
      const word = mark();
      await google.firestore.doc(`things/${word}`).create({ a: 1 });
      await heard(word, 'on-created');
      await (await ask('web', `/${word}`)).text();
      await cloud.settle();
      const names = lines.filter(({ url }) => String(url).includes(word)).map((line) => line.function);
      assert.deepEqual(names, ['web']);
    },
    'has the requests that no instance has answered': async () => {
      const word = mark();
      assert.equal((await ask('web', `/crash/${word}`)).status, 503);
      const line = lines.find(({ httpRequest }) => JSON.stringify(httpRequest ?? '').includes(word));
      assert.deepEqual(line?.httpRequest, { requestMethod: 'GET', requestUrl: `/crash/${word}`, status: 503 });
      assert.deepEqual([line.function, line.severity], ['web', 'WARNING']);
    },
  });
  return all;
}
