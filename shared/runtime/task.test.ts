import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request, Response } from '@google-cloud/functions-framework';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import sinon from 'sinon';
import { sessionTask } from '../../schemas/requests.ts';
import { type AnyFunction, defineFunction } from '../define/function.ts';
import { onSchedule, type Trigger, task } from '../define/trigger.ts';
import { AppError } from '../platform/errors.ts';
import { testPlatform } from '../platform/testing.ts';
import { testSuite } from '../resources/queues.ts';
import { scheduleListener, taskListener } from './task.ts';

const INVOKER = 'virtuoso-invoker@virtuoso-test.iam.gserviceaccount.com';
const AUDIENCE = 'https://us-central1-virtuoso-test.cloudfunctions.net/run-session';

describe('a task', () => {
  let keys: Server;
  let sign: (claims?: {
    email?: string;
    audience?: string;
    issuer?: string;
    expires?: number | string;
  }) => Promise<string>;

  before(async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    keys = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    sign = async ({
      email = INVOKER,
      audience = AUDIENCE,
      issuer = 'https://accounts.google.com',
      expires = '1h',
    } = {}) =>
      `Bearer ${await new SignJWT({ email, email_verified: true })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(expires)
        .sign(privateKey)}`;
  });
  after(async () => {
    keys.closeAllConnections();
    await new Promise((resolve) => keys.close(resolve));
  });

  function bench(trigger: Trigger = task(testSuite, sessionTask), listener = taskListener) {
    const publishMessage = sinon.stub().resolves('1');
    const topic = sinon.stub().returns({ publishMessage });
    const platform = testPlatform({
      clients: { pubsub: async () => ({ topic }) },
      environment: { IDENTITY_KEYS_URL: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/` },
    });
    const handle = sinon.stub().resolves();
    const declaration = defineFunction({ name: 'run-session', summary: '', trigger, services: {}, handle });
    const listen = listener(declaration as AnyFunction, platform, { services: 1 });
    return {
      platform,
      handle,
      topic,
      buried: () => publishMessage.args.map(([message]) => message),
      async post(headers: Record<string, string | undefined>, body: unknown = { session_id: 'ses_1' }) {
        const answer = { status: 0, headers: {} as Record<string, string>, body: undefined as unknown };
        const response = {
          status(code: number) {
            answer.status = code;
            return response;
          },
          set(name: string, value: string) {
            answer.headers[name] = value;
          },
          json(value: unknown) {
            answer.body = value;
          },
          end: () => undefined,
        };
        const request = { headers, body, get: (name: string) => headers[name] };
        await listen(request as unknown as Request, response as unknown as Response);
        return answer;
      },
    };
  }

  it('of the invoker reaches the handler with its name and the attempts before it', async () => {
    const { post, handle } = bench();
    const headers = {
      authorization: await sign(),
      'x-cloudtasks-taskname': 'ses_1',
      'x-cloudtasks-taskretrycount': '2',
    };
    assert.equal((await post(headers)).status, 204);
    assert.deepEqual(handle.args, [[{ payload: { session_id: 'ses_1' }, name: 'ses_1', attempt: 2 }, { services: 1 }]]);
  });

  const unauthenticated: Record<string, () => Promise<string | undefined>> = {
    'without a token': async () => undefined,
    'with another scheme': async () => 'Basic abc',
    'with what is no token': async () => 'Bearer abc',
    'with a token for another function': () => sign({ audience: `${AUDIENCE}-2` }),
    'with a token of another issuer': () => sign({ issuer: 'https://evil.example' }),
    'with a token that has expired': () => sign({ expires: Math.floor(Date.now() / 1000) - 60 }),
    'with an altered token': async () => (await sign()).replace(/.{4}$/, 'AAAA'),
  };
  for (const [how, token] of Object.entries(unauthenticated)) {
    it(`${how} is refused, which is logged`, async () => {
      const { post, handle, platform } = bench();
      const answer = await post({ authorization: await token() });
      assert.equal(answer.status, 401);
      assert.equal(handle.callCount, 0);
      assert.deepEqual(
        platform.lines.map(({ severity }) => severity),
        ['WARNING'],
      );
    });
  }

  it('of somebody else is forbidden', async () => {
    const { post, handle } = bench();
    const answer = await post({ authorization: await sign({ email: 'other@example.com' }) });
    assert.equal(answer.status, 403);
    assert.equal(handle.callCount, 0);
  });

  it('whose payload breaks its schema is recorded, kept and not sent again', async () => {
    const { post, handle, platform, topic, buried } = bench();
    assert.equal((await post({ authorization: await sign() }, { session: 'ses_1' })).status, 204);
    assert.equal(handle.callCount, 0);
    assert.equal(platform.lines[0]?.severity, 'WARNING');
    assert.equal(topic.firstCall.args[0], 'dead-letters');
    assert.equal(buried()[0].data.toString(), '{"session":"ses_1"}');
    assert.match(buried()[0].attributes.dead_letter_reason, /schema/);
  });

  it('that fails the last time is kept among the dead letters, with whose it was and why', async () => {
    const { post, handle, buried } = bench();
    handle.rejects(new AppError('unavailable', 'busy'));
    const headers = { authorization: await sign(), 'x-cloudtasks-taskname': 'ses_1' };
    for (const count of ['0', '3']) await post({ ...headers, 'x-cloudtasks-taskretrycount': count });
    assert.deepEqual(buried(), []);
    const { status } = await post({ ...headers, 'x-cloudtasks-taskretrycount': '4' });
    assert.equal(status, 503);
    const [{ data, attributes }, ...more] = buried();
    assert.deepEqual(more, []);
    assert.equal(data.toString(), '{"session_id":"ses_1"}');
    assert.deepEqual(attributes, {
      ...{ queue: 'test-suite', function: 'run-session', task: 'ses_1' },
      dead_letter_reason: 'busy',
    });
  });

  it('that fails for now is answered so that the queue sends it again, not before its time', async () => {
    const { post, handle } = bench();
    handle.rejects(new AppError('unavailable', 'busy', { retryAfter: 7 }));
    const answer = await post({ authorization: await sign() });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '7');
  });

  it('that fails for good is not sent again', async () => {
    const { post, handle } = bench();
    handle.rejects(new AppError('not-found', 'gone'));
    assert.equal((await post({ authorization: await sign() })).status, 204);
  });

  it('that breaks is sent again, and tells nothing', async () => {
    const { post, handle } = bench();
    handle.rejects(new Error('secret detail'));
    const answer = await post({ authorization: await sign() });
    assert.equal(answer.status, 500);
    assert.ok(!JSON.stringify(answer.body).includes('secret'));
  });

  describe('of a schedule', () => {
    it('reaches the handler with its time', async () => {
      const { post, handle } = bench(onSchedule('* * * * *'), scheduleListener);
      const headers = { authorization: await sign(), 'x-cloudscheduler-scheduletime': '2026-03-04T12:00:00Z' };
      assert.equal((await post(headers)).status, 204);
      assert.deepEqual(handle.firstCall.args[0], { scheduledAt: '2026-03-04T12:00:00Z' });
    });

    it('is dated now when it does not say', async () => {
      const { post, handle } = bench(onSchedule('* * * * *'), scheduleListener);
      await post({ authorization: await sign() });
      assert.deepEqual(handle.firstCall.args[0], { scheduledAt: '2026-03-04T12:00:00.000Z' });
    });

    it('is refused without a token', async () => {
      const { post, handle } = bench(onSchedule('* * * * *'), scheduleListener);
      assert.equal((await post({})).status, 401);
      assert.equal(handle.callCount, 0);
    });
  });
});
