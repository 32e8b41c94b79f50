import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Stage, Told } from './stage.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** How a request arrives at a function, and its answer at the caller. */
export function requests({ cloud, ask, mark, told, heard }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  /** What the function got. */
  const arrived = async (headers: Record<string, string> = {}, path = '', init: RequestInit = {}) => {
    const word = mark();
    await (await ask('web', `/${word}${path}`, { ...init, headers })).text();
    return (await heard(word, 'web'))[0] ?? assert.fail();
  };
  method('request', {
    'has its method, path and query as they came, without the name of the function': async () => {
      const got = await arrived({}, '/a%20b?q=%2F&q=2', { method: 'PATCH' });
      assert.equal(got.method, 'PATCH');
      assert.match(got.url, /^\/m-[0-9a-f]+\/a%20b\?q=%2F&q=2$/);
    },
    'has its body and its own headers': async () => {
      const got = await arrived({ 'content-type': 'text/plain', 'x-own': 'a, b' }, '', { method: 'POST', body: 'ä' });
      assert.deepEqual([got.body, got.headers['x-own'], got.headers['content-length']], ['ä', 'a, b', '2']);
    },
    'has the host that the caller asked': async () => {
      assert.equal((await arrived()).headers.host, cloud.origin.replace('http://', ''));
    },
    'says from where it came': async () => {
      const { headers } = await arrived();
      assert.equal(headers['x-forwarded-for'], '127.0.0.1');
      assert.equal(headers['x-forwarded-proto'], 'http');
      assert.equal(headers.forwarded, 'for="127.0.0.1";proto=http');
    },
    'goes on with the addresses that those before have said': async () => {
      const { headers } = await arrived({ 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1' });
      assert.equal(headers['x-forwarded-for'], '192.0.2.1, 127.0.0.1');
      assert.equal(headers.forwarded, 'for=192.0.2.1, for="127.0.0.1";proto=http');
    },
    'begins a trace when it has none, in both headers': async () => {
      const [one, two] = [await arrived(), await arrived()];
      const trace = /^00-([0-9a-f]{32})-[0-9a-f]{16}-0[01]$/.exec(one.headers.traceparent ?? '')?.[1] ?? assert.fail();
      assert.equal(one.headers['x-cloud-trace-context']?.split('/')[0], trace);
      assert.notEqual(two.headers.traceparent?.slice(3, 35), trace);
    },
    'keeps the trace that it has': async () => {
      const given = `00-${TRACE}-00f067aa0ba902b7-01`;
      const { headers } = await arrived({ traceparent: given });
      assert.deepEqual([headers.traceparent, headers['x-cloud-trace-context']?.slice(0, 33)], [given, `${TRACE}/`]);
    },
    "has the trace of Google's older header in the newer, too": async () => {
      const given = `${TRACE}/67667974448284343;o=1`;
      const { headers } = await arrived({ 'x-cloud-trace-context': given });
      assert.equal(headers.traceparent, `00-${TRACE}-00f067aa0ba902b7-01`);
      assert.equal(headers['x-cloud-trace-context'], given);
    },
    'loses what is of the connection alone': async () => {
      const { headers } = await arrived({ te: 'trailers' });
      assert.equal(headers.te, undefined);
    },
    'for a WebSocket goes on as one when the function takes it': async () => {
      const socket = new WebSocket(`${cloud.origin.replace('http', 'ws')}/functions/web/socket`);
      const [first] = await once(socket, 'message');
      const { headers } = JSON.parse(String(first)) as Told;
      assert.deepEqual([headers.upgrade, headers['x-forwarded-for']], ['websocket', '127.0.0.1']);
      socket.send('ä');
      assert.equal(String((await once(socket, 'message'))[0]), 'ä');
      socket.close();
      await once(socket, 'close');
    },
    'for a WebSocket is a request as any other when the function takes none': async () => {
      const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
      const asked = httpGet(`${cloud.origin}/functions/web/${mark()}`, { headers });
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      answer.resume();
      assert.equal(answer.statusCode, 200);
    },
    'to a function that there is not is answered with 404': async () => {
      const answer = await ask('nobody', '/');
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [404, 'application/problem+json']);
      await answer.text();
    },
    'by a declared route goes to the function that declares it, the most literal first': async () => {
      const word = mark();
      for (const path of [`/v1/things/${word}`, `/v1/things/special?${word}`])
        await (await fetch(`${cloud.origin}${path}`)).text();
      assert.deepEqual(
        told(word).map(({ function: name }) => name),
        ['web', 'special'],
      );
    },
  });
  method('answer', {
    'has the status, headers and body that the function gave': async () => {
      const answer = await ask('web', '/cookies');
      assert.deepEqual([answer.status, answer.headers.getSetCookie()], [201, ['a=1', 'b=2']]);
      assert.equal(await answer.text(), 'made');
    },
    'to HEAD has no body': async () => {
      const answer = await ask('web', `/${mark()}`, { method: 'HEAD' });
      assert.equal(answer.status, 200);
      assert.ok(Number(answer.headers.get('content-length')) > 0);
      assert.equal(await answer.text(), '');
    },
    'is streamed as it comes': async () => {
      const chunks: string[] = [];
      for await (const chunk of (await ask('web', '/stream')).body ?? []) chunks.push(Buffer.from(chunk).toString());
      assert.deepEqual(chunks, ['one\n', 'two\n']);
    },
  });
  return all;
}
