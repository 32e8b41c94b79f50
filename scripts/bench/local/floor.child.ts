/**
 * The least that any server on gRPC takes: the methods that the benchmark calls, answered without doing anything, in a
 * process of its own. What the official clients and the wire cost is in it, and nothing else. Prints its port.
 */
import type * as grpc from '@grpc/grpc-js';
import { FIRESTORE } from '../../local/firestore/codec.ts';
import { implement, loadService, unary } from '../../local/plumbing/grpc.ts';
import { openPort } from '../../local/plumbing/port.ts';
import { DATA, MESSAGES } from './pubsub.ts';

const PUBSUB = '@google-cloud/pubsub/build/protos/protos.json';
const at = { seconds: '1', nanos: 0 };
const fields = {
  name: { stringValue: 'a document like those of a run' },
  status: { stringValue: 'running' },
  position: { integerValue: '1' },
  tags: { arrayValue: { values: ['a', 'b', 'c'].map((stringValue) => ({ stringValue })) } },
};
const documentAt = (name: string) => ({ name, fields, createTime: at, updateTime: at });

function stream(answers: (request: never) => readonly unknown[]): grpc.UntypedHandleCall {
  return ((call: grpc.ServerWritableStream<never, unknown>) => {
    for (const answer of answers(call.request)) call.write(answer);
    call.end();
  }) as grpc.UntypedHandleCall;
}

const firestore = implement(FIRESTORE, {
  beginTransaction: unary(() => ({ transaction: Buffer.from('1') })),
  commit: unary(({ writes }: { writes: unknown[] }) => ({
    writeResults: writes.map(() => ({ updateTime: at })),
    commitTime: at,
  })),
  rollback: unary(() => ({})),
  batchGetDocuments: stream(({ documents, newTransaction }: { documents: string[]; newTransaction?: unknown }) => [
    ...(newTransaction ? [{ transaction: Buffer.from('1'), readTime: at }] : []),
    ...documents.map((name) => ({ found: documentAt(name), readTime: at })),
  ]),
  runQuery: stream(({ parent }: { parent: string }) =>
    Array.from({ length: 50 }, (_, n) => ({ document: documentAt(`${parent}/concurrent/d${n}`), readTime: at })),
  ),
});

let published = 0;
const publisher = implement(loadService(PUBSUB, 'google.pubsub.v1.Publisher'), {
  createTopic: unary(({ name }: { name: string }) => ({ name })),
  publish: unary(({ messages }: { messages: unknown[] }) => ({ messageIds: messages.map(() => String(++published)) })),
});

const BATCH = 100;
const subscriber = implement(loadService(PUBSUB, 'google.pubsub.v1.Subscriber'), {
  createSubscription: unary(({ name, topic }: { name: string; topic: string }) => ({ name, topic })),
  acknowledge: unary(() => ({})),
  modifyAckDeadline: unary(() => ({})),
  streamingPull: ((call: grpc.ServerDuplexStream<unknown, unknown>) => {
    call.once('data', () => {
      for (let n = 0; n < MESSAGES; n += BATCH)
        call.write({ receivedMessages: Array.from({ length: BATCH }, (_, m) => received(n + m)) });
    });
    call.on('end', () => call.end());
  }) as grpc.UntypedHandleCall,
});

function received(n: number) {
  return { ackId: `a${n}`, message: { messageId: `m${n}`, data: DATA, attributes: {}, publishTime: at } };
}

const grpcServices = [firestore, publisher, subscriber];
const port = await openPort({ port: 0, grpc: grpcServices, http: (_request, response) => void response.end() });
process.on('disconnect', () => process.exit());
process.send?.({ port: port.port });
