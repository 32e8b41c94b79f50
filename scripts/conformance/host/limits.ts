import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Stage } from './stage.ts';

const MEBIBYTE = Buffer.alloc(1024 * 1024);
const LARGEST = 32 * MEBIBYTE.length;

/** How long a request may take and how large it may be. */
export function limits({ cloud, ask, mark, told, hold, heard }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  const hasty = () => cloud.instances().find((instance) => instance.function === 'hasty');
  const late = async () => {
    await until(() => hasty()?.state === 'ready');
    const word = mark();
    const letGo = hold(word);
    const answer = await ask('hasty', `/${word}`);
    return { answer, word, letGo };
  };
  const post = async (body: unknown) => {
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await ask('web', '/size', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    await answer.text();
    return answer.status;
  };
  const answered = async (path: string) => {
    const answer = await ask('web', path);
    return [answer.status, (await answer.arrayBuffer()).byteLength > LARGEST];
  };
  method('request timeout', {
    'answers 504 when a function is too slow': async () => {
      const { answer, letGo } = await late();
      assert.equal(answer.status, 504);
      assert.match(((await answer.json()) as { detail: string }).detail, /^upstream request timeout/);
      letGo();
    },
    'leaves the instance running, with a free place': async () => {
      const { answer, letGo, word } = await late();
      await answer.text();
      assert.deepEqual([hasty()?.state, hasty()?.active], ['ready', 0]);
      const pid = (await heard(word, 'hasty'))[0]?.pid;
      assert.equal(hasty()?.pid, pid);
      letGo();
      const next = mark();
      assert.equal((await ask('hasty', `/${next}`)).status, 200);
      assert.equal(told(next)[0]?.pid, pid);
    },
  });
  method('request size', {
    'of 32 MiB is taken': async () => {
      assert.equal(await post(Buffer.alloc(LARGEST)), 200);
    },
    'of more is refused with 413': async () => {
      assert.equal(await post(Buffer.alloc(LARGEST + 1)), 413);
    },
    'of more is refused with 413 when it comes in chunks, too': async () => {
      assert.equal(await post(Readable.from(Array.from({ length: 33 }, () => MEBIBYTE))), 413);
    },
  });
  method('answer size', {
    'of more than 32 MiB is an error': async () => {
      assert.deepEqual(await answered('/large'), [500, false]);
    },
    'of more than 32 MiB is let through in chunks': async () => {
      assert.deepEqual(await answered('/large?chunked'), [200, true]);
    },
  });
  return all;
}
