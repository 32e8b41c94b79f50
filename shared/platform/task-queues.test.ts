import assert from 'node:assert/strict';
import sinon from 'sinon';
import { testSuite } from '../resources/queues.ts';
import { taskQueue } from './task-queues.ts';
import { testPlatform } from './testing.ts';
import { withLogContext } from './trace.ts';

describe('a task queue', () => {
  function bench() {
    const createTask = sinon.stub().resolves([{}]);
    const queuePath = (...parts: string[]) => parts.join('/');
    const platform = testPlatform({ clients: { tasks: async () => ({ createTask, queuePath }) } });
    return { createTask, queue: taskQueue(testSuite).make(platform) };
  }
  const task = { to: 'run-session', name: 'ses_1', payload: { session_id: 'ses_1' } };

  it('takes named tasks for a function, as the invoker and under the current trace', async () => {
    const { createTask, queue } = bench();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await withLogContext({ traceparent, function: 'f', fields: {} }, () => queue.enqueue([task]));
    const url = 'https://us-central1-virtuoso-test.cloudfunctions.net/run-session';
    assert.deepEqual(createTask.firstCall.args[0], {
      parent: 'virtuoso-test/us-central1/test-suite',
      task: {
        name: 'virtuoso-test/us-central1/test-suite/tasks/ses_1',
        dispatchDeadline: { seconds: 1800 },
        httpRequest: {
          url,
          httpMethod: 'POST',
          headers: { 'content-type': 'application/json', traceparent },
          body: Buffer.from('{"session_id":"ses_1"}'),
          oidcToken: { serviceAccountEmail: 'virtuoso-invoker@virtuoso-test.iam.gserviceaccount.com', audience: url },
        },
      },
    });
  });

  it('keeps tasks until their time', async () => {
    const { createTask, queue } = bench();
    await queue.enqueue([{ ...task, at: new Date(1_772_600_001_234) }]);
    assert.deepEqual(createTask.firstCall.args[0].task.scheduleTime, { seconds: 1_772_600_001, nanos: 234_000_000 });
  });

  it('takes a task of a known name as done', async () => {
    const { createTask, queue } = bench();
    createTask.rejects(Object.assign(new Error('ALREADY_EXISTS'), { code: 6 }));
    await queue.enqueue([task]);
  });

  it('fails when a task could not be made', async () => {
    const { createTask, queue } = bench();
    createTask.rejects(Object.assign(new Error('UNAVAILABLE'), { code: 14 }));
    await assert.rejects(queue.enqueue([task]), /UNAVAILABLE/);
  });

  it('makes many tasks, some at a time', async () => {
    const { createTask, queue } = bench();
    let [now, most] = [0, 0];
    createTask.callsFake(async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    });
    await queue.enqueue(Array.from({ length: 300 }, (_, i) => ({ ...task, name: `ses_${i}` })));
    assert.equal(createTask.callCount, 300);
    assert.ok(most <= 100, `${most} at a time`);
  });
});
