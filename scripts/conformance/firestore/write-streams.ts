import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, INVALID_ARGUMENT, NOT_FOUND } from './clients.ts';
import { fails, talk } from './streams.ts';

interface Response {
  readonly streamId: string;
  readonly streamToken: Uint8Array;
  readonly writeResults: readonly {
    readonly updateTime: object | null;
    readonly transformResults: readonly object[];
  }[];
  readonly commitTime: object | null;
}

/** Commits over one stream. */
export function writeStreams({ gapic, collection, database, nameOf }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const stream = (talker: Parameters<typeof talk<Response>>[1]) => talk<Response>(gapic.write(), talker);
  const any = () => true;
  const put = (path: string, n: number) => ({ update: { name: nameOf(path), fields: { n: { integerValue: n } } } });

  method('Write', {
    'begins with an id and a token, then commits every request': async () => {
      const document = collection().doc();
      await stream(async ({ send, until }) => {
        send({ database });
        const [hello] = await until(any);
        assert.ok(hello?.streamId && hello.streamToken.length > 0);
        send({ streamToken: hello.streamToken, writes: [put(document.path, 1)] });
        const [first] = await until(any);
        assert.ok(first?.commitTime && first.writeResults[0]?.updateTime);
        send({ streamToken: first.streamToken, writes: [{ delete: nameOf(document.path) }] });
        await until(any);
      });
      assert.equal((await document.get()).exists, false);
    },
    'resumes a stream with the responses that were not acknowledged': async () => {
      const document = collection().doc();
      let streamId = '';
      let streamToken: Uint8Array = Buffer.alloc(0);
      await stream(async ({ send, until }) => {
        send({ database });
        const [hello] = await until(any);
        streamId = hello?.streamId ?? '';
        streamToken = hello?.streamToken ?? streamToken;
        send({ streamToken, writes: [put(document.path, 1)] });
        await until(any);
      });
      await stream(async ({ send, until }) => {
        send({ database, streamId, streamToken });
        const [again] = (await until(({ commitTime }) => commitTime !== null)).slice(-1);
        assert.equal(again?.writeResults.length, 1);
        send({ streamToken: again?.streamToken, writes: [put(document.path, 2)] });
        await until(any);
      });
      assert.equal((await document.get()).get('n'), 2);
    },
    'returns the results of transforms': async () => {
      await stream(async ({ send, until }) => {
        send({ database });
        const [hello] = await until(any);
        const updateTransforms = [{ fieldPath: 'n', increment: { integerValue: 1 } }];
        send({
          streamToken: hello?.streamToken,
          writes: [{ update: { name: nameOf(collection().doc().path) }, updateTransforms }],
        });
        assert.equal((await until(any))[0]?.writeResults[0]?.transformResults.length, 1);
      });
    },
    'ends when a write fails': async () => {
      await stream(async (conversation) => {
        conversation.send({ database });
        const [hello] = await conversation.until(any);
        const write = { delete: nameOf(collection().doc().path), currentDocument: { exists: true } };
        conversation.send({ streamToken: hello?.streamToken, writes: [write] });
        await fails(conversation, NOT_FOUND, /No document/);
      });
    },
    'refuses writes in the first request': async () => {
      await stream(async (conversation) => {
        conversation.send({ database, writes: [put('c/d', 1)] });
        await fails(conversation, INVALID_ARGUMENT, /first request/);
      });
    },
    'refuses a stream that never was, and a request without a token': async () => {
      await stream(async (conversation) => {
        conversation.send({ database, streamId: 'none', streamToken: Buffer.alloc(8) });
        await fails(conversation, INVALID_ARGUMENT, /stream/);
      });
      await stream(async (conversation) => {
        conversation.send({ database });
        await conversation.until(any);
        conversation.send({ writes: [put('c/d', 1)] });
        await fails(conversation, INVALID_ARGUMENT, /token/);
      });
    },
  });
  return all;
}
