import assert from 'node:assert/strict';
import { type AnyFunction, defineFunction } from '../define/function.ts';
import { onTopic } from '../define/trigger.ts';
import { AppError, type ErrorCode } from '../platform/errors.ts';
import { testPlatform } from '../platform/testing.ts';
import { annotate, currentTrace } from '../platform/trace.ts';
import { testEvents } from '../resources/topics.ts';
import { react } from './react.ts';

describe('a reaction', () => {
  const trigger = onTopic(testEvents, ['run.completed']);
  const reacting = (handle: () => Promise<void>): AnyFunction =>
    defineFunction({ name: 'build-report', summary: '', trigger, services: {}, handle });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const delivery = { input: 'input', traceparent, fields: { event_id: 'evt_1' } };

  it('handles the input with the services, within the trace of its cause', async () => {
    const platform = testPlatform();
    let seen: unknown[] = [];
    const declaration = reacting((async (...given: unknown[]) => {
      seen = [...given, currentTrace()?.slice(3, 35)];
      annotate({ run_id: 'run_1' });
      platform.clock.time += 12;
    }) as () => Promise<void>);
    const services = { runs: 1 };
    await react(declaration, platform, services, delivery);
    assert.deepEqual(seen, ['input', services, traceparent.slice(3, 35)]);
    const [line] = platform.lines;
    assert.equal(line?.message, 'build-report done');
    assert.equal(line?.duration_ms, 12);
    assert.equal(line?.event_id, 'evt_1');
    assert.equal(line?.run_id, 'run_1');
    assert.equal(line?.['logging.googleapis.com/trace'], `projects/virtuoso-test/traces/${traceparent.slice(3, 35)}`);
  });

  it('leaves the fields of the delivery as they were', async () => {
    const fields = { event_id: 'evt_1' };
    await react(
      reacting(async () => annotate({ run_id: 'run_1' })),
      testPlatform(),
      {},
      { ...delivery, fields },
    );
    assert.deepEqual(fields, { event_id: 'evt_1' });
  });

  const failing = (error: unknown) => reacting(() => Promise.reject(error));

  for (const code of ['not-found', 'invalid-argument', 'conflict', 'unprocessable'] satisfies ErrorCode[]) {
    it(`that fails for good (${code}) is recorded and acknowledged`, async () => {
      const platform = testPlatform();
      await react(failing(new AppError(code, 'no use')), platform, {}, delivery);
      assert.deepEqual(
        platform.lines.map(({ severity, message, code }) => [severity, message, code]),
        [['WARNING', 'build-report gave up: no use', code]],
      );
    });
  }

  for (const code of ['unavailable', 'timeout', 'rate-limited'] satisfies ErrorCode[]) {
    it(`that fails for now (${code}) is thrown, to be delivered again`, async () => {
      const platform = testPlatform();
      const error = new AppError(code, 'later', { retryAfter: 3 });
      await assert.rejects(react(failing(error), platform, {}, delivery), (thrown) => thrown === error);
      assert.deepEqual(
        platform.lines.map(({ severity, message }) => [severity, message]),
        [['WARNING', 'build-report will be tried again: later']],
      );
    });
  }

  it('that breaks is a bug: logged with its stack and thrown in generic words', async () => {
    const platform = testPlatform();
    await assert.rejects(
      react(failing(new TypeError('secret detail')), platform, {}, delivery),
      (thrown) => thrown instanceof AppError && thrown.code === 'internal' && !thrown.message.includes('secret'),
    );
    const [line] = platform.lines;
    assert.equal(line?.severity, 'ERROR');
    assert.match(String(line?.stack_trace), /TypeError: secret detail\n\s+at /);
  });
});
