import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, fill, INVALID_ARGUMENT } from './clients.ts';
import { fails, talk } from './streams.ts';

interface Message {
  readonly targetChange?: {
    readonly targetChangeType: string;
    readonly targetIds: readonly number[];
    readonly resumeToken: Uint8Array;
    readonly cause?: { readonly code: number; readonly message: string } | null;
    readonly readTime?: object | null;
  } | null;
  readonly documentChange?: { readonly document: { readonly name: string; readonly fields: object } } | null;
  readonly documentDelete?: { readonly document: string } | null;
  readonly documentRemove?: { readonly document: string } | null;
  readonly filter?: { readonly targetId: number; readonly count: number } | null;
}

const last = (name: string) => name.split('/').at(-1) ?? '';

/** A message in short: `+a` is there or changed, `-a` deleted, `/a` in the target no more, `#2` a count, else the type. */
function short(message: Message): string {
  if (message.documentChange) return `+${last(message.documentChange.document.name)}`;
  if (message.documentDelete) return `-${last(message.documentDelete.document)}`;
  if (message.documentRemove) return `/${last(message.documentRemove.document)}`;
  if (message.filter) return `#${message.filter.count}`;
  return message.targetChange?.targetChangeType ?? '?';
}

const isSnapshot = ({ targetChange }: Message) =>
  targetChange?.targetChangeType === 'NO_CHANGE' &&
  targetChange.targetIds.length === 0 &&
  Boolean(targetChange.readTime);
const isRemove = ({ targetChange }: Message) => targetChange?.targetChangeType === 'REMOVE';

/** What the messages of a Listen stream are, and when they come. */
export function listens({ gapic, collection, database, root, nameOf }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const queryOf = (collectionId: string, more: object = {}) => ({
    query: { parent: root, structuredQuery: { from: [{ collectionId }], ...more } },
  });
  const add = (target: object, targetId = 1) => ({ database, addTarget: { targetId, ...target } });
  const listen = (talker: Parameters<typeof talk<Message>>[1]) => talk<Message>(gapic.listen(), talker);
  const over = {
    where: { fieldFilter: { field: { fieldPath: 'n' }, op: 'GREATER_THAN', value: { integerValue: 0 } } },
  };
  const tokenOf = (messages: readonly Message[]) => messages.at(-1)?.targetChange?.resumeToken ?? Buffer.alloc(0);

  method('Listen', {
    'adds the target, tells what is there, then that this is current, then the time': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 1 }, b: { n: 0 }, c: { n: 2 } });
      await listen(async ({ send, until }) => {
        send(add(queryOf(parent.id, over)));
        assert.deepEqual((await until(isSnapshot)).map(short), ['ADD', '+a', '+c', 'CURRENT', 'NO_CHANGE']);
      });
    },
    'tells deleted from removed': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 1 }, b: { n: 1 } });
      await listen(async ({ send, until }) => {
        send(add(queryOf(parent.id, over)));
        await until(isSnapshot);
        await parent.doc('a').delete();
        assert.deepEqual((await until(isSnapshot)).map(short), ['-a', 'NO_CHANGE']);
        await parent.doc('b').set({ n: 0 });
        assert.deepEqual((await until(isSnapshot)).map(short), ['/b', 'NO_CHANGE']);
      });
    },
    'says once for a document that was asked for by name that it is missing': async () => {
      const document = collection().doc('gone');
      await listen(async ({ send, until }) => {
        send(add({ documents: { documents: [nameOf(document.path)] } }));
        assert.deepEqual((await until(isSnapshot)).map(short), ['ADD', '-gone', 'CURRENT', 'NO_CHANGE']);
        await document.set({});
        assert.deepEqual((await until(isSnapshot)).map(short), ['+gone', 'NO_CHANGE']);
      });
    },
    'resumes at a token with what has changed since, and a count of what there is': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 1 }, b: { n: 1 }, c: { n: 1 } });
      let resumeToken: Uint8Array = Buffer.alloc(0);
      await listen(async ({ send, until }) => {
        send(add(queryOf(parent.id, over)));
        resumeToken = tokenOf(await until(isSnapshot));
      });
      await fill(parent, { b: { n: 2 }, c: { n: 0 }, d: { n: 1 } });
      await parent.doc('a').delete();
      await listen(async ({ send, until }) => {
        send(add({ ...queryOf(parent.id, over), resumeToken }));
        const messages = (await until(isSnapshot)).map(short);
        assert.deepEqual(messages.toSorted(), ['#2', '+b', '+d', '-a', '/c', 'ADD', 'CURRENT', 'NO_CHANGE']);
        assert.ok(messages.indexOf('#2') < messages.indexOf('CURRENT'));
      });
    },
    'resumes at a read time': async () => {
      const parent = collection();
      const { writeTime } = await parent.doc('a').set({});
      await parent.doc('b').set({});
      const readTime = { seconds: writeTime.seconds, nanos: writeTime.nanoseconds };
      await listen(async ({ send, until }) => {
        send(add({ ...queryOf(parent.id), readTime }));
        assert.deepEqual((await until(isSnapshot)).map(short), ['ADD', '+b', '#2', 'CURRENT', 'NO_CHANGE']);
      });
    },
    'has a target removed when it is asked to': async () => {
      const parent = collection();
      await listen(async ({ send, until }) => {
        send(add(queryOf(parent.id)));
        await until(isSnapshot);
        send({ database, removeTarget: 1 });
        await until(isRemove);
      });
    },
    'removes a target that is wanted once, when it is current': async () => {
      await listen(async ({ send, until }) => {
        send(add({ ...queryOf(collection().id), once: true }));
        assert.deepEqual((await until(isRemove)).map(short), ['ADD', 'CURRENT', 'NO_CHANGE', 'REMOVE']);
      });
    },
    'follows several targets over one stream': async () => {
      const [a, b] = [collection(), collection()];
      await listen(async ({ send, until }) => {
        send(add(queryOf(a.id), 1));
        await until(isSnapshot);
        send(add(queryOf(b.id), 2));
        await until(isSnapshot);
        await fill(b, { x: {} });
        assert.deepEqual((await until(isSnapshot)).map(short), ['+x', 'NO_CHANGE']);
      });
    },
    'removes a target whose query is wrong, with the reason': async () => {
      await listen(async ({ send, until }) => {
        send(add(queryOf('c', { limit: { value: -1 } })));
        const cause = (await until(isRemove)).at(-1)?.targetChange?.cause;
        assert.equal(cause?.code, INVALID_ARGUMENT);
        assert.match(cause?.message ?? '', /[Ll]imit/);
      });
    },
    'refuses a target id that is taken, and one that is not there': async () => {
      await listen(async (conversation) => {
        conversation.send(add(queryOf('c')));
        conversation.send(add(queryOf('c')));
        await fails(conversation, INVALID_ARGUMENT, /target/);
      });
      await listen(async (conversation) => {
        conversation.send({ database, removeTarget: 5 });
        await fails(conversation, INVALID_ARGUMENT, /target/);
      });
    },
    'refuses a request that neither adds nor removes': async () => {
      await listen(async (conversation) => {
        conversation.send({ database });
        await fails(conversation, INVALID_ARGUMENT, /target/);
      });
    },
    'refuses a resume token that is none': async () => {
      await listen(async ({ send, until }) => {
        send(add({ ...queryOf('c'), resumeToken: Buffer.from('x') }));
        assert.equal((await until(isRemove)).at(-1)?.targetChange?.cause?.code, INVALID_ARGUMENT);
      });
    },
  });

  const { clock } = world;
  if (!clock) return all;
  method('Listen', {
    'resets a target whose token is too old, and tells all anew': async () => {
      const parent = collection();
      await fill(parent, { a: {} });
      let resumeToken: Uint8Array = Buffer.alloc(0);
      await listen(async ({ send, until }) => {
        send(add(queryOf(parent.id)));
        resumeToken = tokenOf(await until(isSnapshot));
      });
      clock.advance(3_700_000);
      await listen(async ({ send, until }) => {
        send(add({ ...queryOf(parent.id), resumeToken }));
        assert.deepEqual((await until(isSnapshot)).map(short), ['ADD', 'RESET', '+a', 'CURRENT', 'NO_CHANGE']);
      });
    },
    'keeps a quiet stream alive': async () => {
      await listen(async ({ send, until }) => {
        send(add(queryOf(collection().id)));
        await until(isSnapshot);
        clock.advance(46_000);
        assert.deepEqual((await until(isSnapshot)).map(short), ['NO_CHANGE']);
      });
    },
  });
  return all;
}
