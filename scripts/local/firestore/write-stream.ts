import { randomUUID } from 'node:crypto';
import type { ServerDuplexStream, UntypedHandleCall } from '@grpc/grpc-js';
import { toStatus } from '../plumbing/grpc.ts';
import type { Database } from './documents.ts';
import type { Engine } from './engine.ts';
import { invalid } from './errors.ts';
import { checkRequestSize } from './handlers.ts';
import { toProtoTimestamp } from './values.ts';
import type { Write, WriteResult } from './writes.ts';

interface WriteRequest {
  database: string;
  streamId: string;
  writes: Write[];
  streamToken: Uint8Array;
}

interface WriteResponse {
  readonly streamToken: Buffer;
  readonly writeResults: readonly WriteResult[];
  readonly commitTime: unknown;
}

/** What is known of a stream of writes, so that it can go on after its connection was lost. */
interface Progress {
  readonly id: string;
  readonly database: Database;
  /** How many commits the stream has made: its latest token. */
  commits: number;
  lastUsed: number;
  /** Responses that the client has not acknowledged, by their tokens. */
  readonly unacknowledged: Map<number, WriteResponse>;
}

type Call = ServerDuplexStream<WriteRequest, unknown>;

/** How long after its last request a stream can be resumed. */
const KEPT_MS = 10 * 60_000;

/** The Write method: commits in order over one stream, which a client can resume without writing anything twice. */
export class WriteStreams {
  readonly #engine: Engine;
  readonly #streams = new Map<string, Progress>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  methods(): Record<string, UntypedHandleCall> {
    return { write: (call: Call) => this.#open(call) };
  }

  #open(call: Call): void {
    let progress: Progress | undefined;
    call.on('data', (request: WriteRequest) => {
      try {
        if (progress) this.#write(call, progress, request);
        else progress = this.#begin(call, request);
      } catch (error) {
        call.emit('error', toStatus(error));
      }
    });
    call.on('end', () => call.end());
  }

  /** The first request says which stream it is, and writes nothing. */
  #begin(call: Call, request: WriteRequest): Progress {
    if (request.writes.length > 0) throw invalid('The first request of a Write stream must have no writes.');
    const now = this.#engine.context.clock.now();
    for (const [id, { lastUsed }] of this.#streams) if (lastUsed < now - KEPT_MS) this.#streams.delete(id);
    const progress = request.streamId === '' ? this.#create(request, now) : this.#resume(request, now);
    const token = request.streamId === '' ? 0 : readToken(request.streamToken);
    call.write({ streamId: progress.id, streamToken: makeToken(token), writeResults: [] });
    for (const response of progress.unacknowledged.values()) call.write(response);
    return progress;
  }

  #create({ database, streamToken }: WriteRequest, now: number): Progress {
    if (streamToken.length > 0) throw invalid('A stream_token needs the stream_id that it belongs to.');
    const id = randomUUID();
    const progress = {
      ...{ id, database: this.#engine.database(database) },
      ...{ commits: 0, lastUsed: now, unacknowledged: new Map<number, WriteResponse>() },
    };
    this.#streams.set(id, progress);
    return progress;
  }

  #resume({ streamId, streamToken, database }: WriteRequest, now: number): Progress {
    const progress = this.#streams.get(streamId);
    if (!progress) throw invalid(`The stream_id "${streamId}" is unknown, or not kept any more.`);
    if (database !== '' && database !== progress.database.name) throw invalid('The stream is one of another database.');
    acknowledge(progress, streamToken);
    progress.lastUsed = now;
    return progress;
  }

  #write(call: Call, progress: Progress, request: WriteRequest): void {
    checkRequestSize(request);
    if (request.streamId !== '') throw invalid('Only the first request of a Write stream can have a stream_id.');
    acknowledge(progress, request.streamToken);
    progress.lastUsed = this.#engine.context.clock.now();
    if (request.writes.length === 0) return;
    const { results, time } = this.#engine.committer.commit(progress.database, request.writes);
    progress.commits += 1;
    const response = {
      streamToken: makeToken(progress.commits),
      writeResults: results,
      commitTime: toProtoTimestamp(time),
    };
    progress.unacknowledged.set(progress.commits, response);
    call.write(response);
  }
}

/** Forgets the responses up to a token that the client has received. Throws INVALID_ARGUMENT for a token of no response. */
function acknowledge(progress: Progress, token: Uint8Array): void {
  const upTo = readToken(token);
  if (upTo > progress.commits) throw invalid('The stream_token is not one of this stream.');
  for (const commit of [...progress.unacknowledged.keys()]) if (commit <= upTo) progress.unacknowledged.delete(commit);
}

function makeToken(commits: number): Buffer {
  const token = Buffer.alloc(8);
  token.writeBigUInt64BE(BigInt(commits));
  return token;
}

function readToken(token: Uint8Array): number {
  if (token.length !== 8) throw invalid('Every request of a Write stream but a new one needs a stream_token of it.');
  return Number(Buffer.from(token).readBigUInt64BE());
}
