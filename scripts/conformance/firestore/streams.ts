import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';

/** Sends messages, and waits for those that come. */
export interface Conversation<Message> {
  send(message: object): void;
  /** The messages up to and with the first that `last` accepts. Fails when the stream fails or takes 5 s. */
  until(last: (message: Message) => boolean): Promise<Message[]>;
  /** The error that ends the stream. Fails after 5 s without one. */
  failure(): Promise<{ code?: number; message: string }>;
  end(): void;
}

const PATIENCE_MS = 5000;

/** Turns a stream's events into promises. */
export function converse<Message>(stream: Duplex): Conversation<Message> {
  const messages: Message[] = [];
  let error: (Error & { code?: number }) | undefined;
  let wake = () => {};
  stream.on('data', (message: Message) => {
    messages.push(message);
    wake();
  });
  stream.on('error', (reason: Error) => {
    error ??= reason;
    wake();
  });
  const something = () =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the stream is silent')), PATIENCE_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return {
    send: (message) => void stream.write(message),
    async until(last) {
      const read: Message[] = [];
      for (;;) {
        const message = messages.shift();
        if (message !== undefined) {
          read.push(message);
          if (last(message)) return read;
        } else if (error) throw error;
        else await something();
      }
    },
    async failure() {
      while (!error) await something();
      return error;
    },
    end: () => void stream.end(),
  };
}

/** Talks over a stream, and ends it whatever comes. */
export async function talk<Message>(
  stream: Duplex,
  talker: (all: Conversation<Message>) => Promise<void>,
): Promise<void> {
  const conversation = converse<Message>(stream);
  try {
    await talker(conversation);
  } finally {
    conversation.end();
  }
}

/** Asserts that a stream ends with the code and the words. */
export async function fails(conversation: Conversation<unknown>, code: number, words: RegExp): Promise<void> {
  const error = await conversation.failure();
  assert.equal(error.code, code, error.message);
  assert.match(error.message, words);
}
