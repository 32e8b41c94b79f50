import assert from 'node:assert/strict';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Stage } from './stage.ts';

const QUEUE = 'projects/virtuoso-local/locations/us-central1/queues/work';
const INVOKER = 'virtuoso-invoker@virtuoso-local.iam.gserviceaccount.com';

/** What a function on a queue gets of its tasks. */
export function tasks({ cloud, google, mark, told, heard, answers, hold }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  const create = async (word: string, headers: Record<string, string> = {}) => {
    const [{ name }] = await google.tasks.createTask({
      parent: QUEUE,
      task: {
        httpRequest: {
          url: `${cloud.origin}/functions/worker/${word}`,
          headers: { 'content-type': 'application/json', ...headers },
          body: Buffer.from(JSON.stringify({ word })).toString('base64'),
          oidcToken: { serviceAccountEmail: INVOKER, audience: `${cloud.origin}/functions/worker` },
        },
      },
    });
    return name ?? '';
  };
  method('task', {
    'is a POST with the path, body and headers of the task': async () => {
      const word = mark();
      await create(word, { 'x-own': 'a' });
      const got = (await heard(word, 'worker'))[0] ?? assert.fail();
      assert.deepEqual([got.method, got.url, got.body], ['POST', `/${word}`, JSON.stringify({ word })]);
      assert.deepEqual([got.headers['x-own'], got.headers['user-agent']], ['a', 'Google-Cloud-Tasks']);
    },
    'says which it is, of which queue, and how often it was tried': async () => {
      const word = mark();
      const name = await create(word);
      const { headers } = (await heard(word, 'worker'))[0] ?? assert.fail();
      assert.equal(headers['x-cloudtasks-queuename'], 'work');
      assert.equal(headers['x-cloudtasks-taskname'], name.split('/').at(-1));
      assert.deepEqual(
        [headers['x-cloudtasks-taskretrycount'], headers['x-cloudtasks-taskexecutioncount']],
        ['0', '0'],
      );
    },
    'comes as the service account that the task names, for the function': async () => {
      const word = mark();
      await create(word);
      const { headers } = (await heard(word, 'worker'))[0] ?? assert.fail();
      const [, payload = ''] = /^Bearer [^.]+\.([^.]+)\./.exec(headers.authorization ?? '') ?? [];
      const { aud, email } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
      assert.deepEqual([aud, email], [`${cloud.origin}/functions/worker`, INVOKER]);
    },
    'keeps the trace that it was created with, and begins one otherwise': async () => {
      const [word, other, trace] = [mark(), mark(), `00-${'4b'.repeat(16)}-00f067aa0ba902b7-01`];
      await create(word, { traceparent: trace });
      await create(other);
      assert.equal((await heard(word, 'worker'))[0]?.headers.traceparent, trace);
      assert.match((await heard(other, 'worker'))[0]?.headers.traceparent ?? '', /^00-/);
    },
    'that fails comes again after its backoff and says so': async () => {
      const word = mark();
      answers(word, 503);
      await create(word);
      await heard(word, 'worker');
      await until(() => cloud.instances().every(({ active }) => active === 0));
      cloud.clock.advance(2000);
      const [, second] = await heard(word, 'worker', 2);
      assert.deepEqual(
        [second?.headers['x-cloudtasks-taskretrycount'], second?.headers['x-cloudtasks-taskpreviousresponse']],
        ['1', '503'],
      );
      await cloud.settle();
      assert.equal(told(word).length, 2);
    },
    'waits in its queue while the function has no place, and is not refused': async () => {
      const [word, other] = [mark(), mark()];
      const letGo = hold(word);
      await create(word);
      await heard(word, 'worker');
      await create(other);
      letGo();
      const [got] = await heard(other, 'worker');
      assert.equal(got?.headers['x-cloudtasks-taskretrycount'], '0');
      assert.equal(cloud.instances().filter((instance) => instance.function === 'worker').length, 1);
    },
    'whose instance dies comes again in another': async () => {
      const word = mark();
      const letGo = hold(word);
      await create(word);
      await heard(word, 'worker');
      cloud.killInstance('worker');
      letGo();
      await until(() => cloud.instances().every(({ function: name, active }) => name !== 'worker' || active === 0));
      cloud.clock.advance(2000);
      const [first, second] = await heard(word, 'worker', 2);
      assert.notEqual(second?.pid, first?.pid);
    },
  });
  return all;
}
