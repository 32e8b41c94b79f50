import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { EgressAnswer, EgressRequest } from './egress.ts';
import { sendFollowing } from './follow-redirects.ts';

const first: EgressRequest = {
  method: 'POST',
  url: 'https://a.example/in',
  headers: { Authorization: 'Bearer x', 'content-type': 'text/plain', accept: '*/*' },
  body: 'hello',
  timeoutMs: 1000,
  largestAnswer: 1000,
};

/** Answers with these, one after the other, and keeps what was asked. */
function site(...answers: (readonly [number, string?])[]) {
  const asked: EgressRequest[] = [];
  const send = async (request: EgressRequest): Promise<EgressAnswer> => {
    const [status, location] = answers[asked.length] ?? [200];
    asked.push(request);
    return { status, headers: location === undefined ? {} : { location }, body: Buffer.from('') };
  };
  return { asked, send };
}

describe('following redirects', () => {
  it('gives the last answer with its address, relative ones joined', async () => {
    const { asked, send } = site([307, '/b?x=1'], [200]);
    const { status, url } = await sendFollowing(send, first);
    deepEqual([status, url, asked.length], [200, 'https://a.example/b?x=1', 2]);
  });

  for (const [status, method] of [
    [301, 'GET'],
    [302, 'GET'],
    [303, 'GET'],
    [307, 'POST'],
    [308, 'POST'],
  ] as const) {
    it(`makes a POST a ${method} after ${status}`, async () => {
      const { asked, send } = site([status, '/b']);
      await sendFollowing(send, first);
      const kept = method === 'POST';
      deepEqual(
        [asked[1]?.method, asked[1]?.body, 'content-type' in (asked[1]?.headers ?? {})],
        [method, kept ? 'hello' : undefined, kept],
      );
    });
  }

  it('gives credentials to no other origin, nor back to the first by a way round', async () => {
    const { asked, send } = site([307, '/same'], [307, 'https://b.example/'], [307, 'https://a.example/']);
    await sendFollowing(send, first);
    deepEqual(
      asked.map(({ headers }) => 'Authorization' in headers),
      [true, true, false, false],
    );
    equal(asked[3]?.headers.accept, '*/*');
  });

  it('asks for cookies at every hop, and keeps what each sets', async () => {
    const kept: string[] = [];
    const cookies = {
      header: async (url: string) => `at=${new URL(url).host}`,
      keep: async (url: string) => void kept.push(url),
    };
    const { asked, send } = site([307, 'https://b.example/'], [200]);
    await sendFollowing(send, { ...first, headers: { Cookie: 'own=1' } }, { cookies });
    deepEqual(
      asked.map(({ headers }) => headers.cookie),
      ['at=a.example; own=1', 'at=b.example'],
    );
    deepEqual(kept, ['https://a.example/in', 'https://b.example/']);
  });

  it('does not follow what names no place, nor for ever', async () => {
    equal((await sendFollowing(site([304, '/x']).send, first)).status, 304);
    equal((await sendFollowing(site([302]).send, first)).status, 302);
    await rejects(sendFollowing(site([302, 'http://[']).send, first), /redirects to no address/);
    const circle = site(...Array<[number, string]>(30).fill([302, '/']));
    await rejects(sendFollowing(circle.send, first), /More than 20 redirects/);
    equal(circle.asked.length, 21);
  });
});
