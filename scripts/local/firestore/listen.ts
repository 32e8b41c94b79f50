import type { ServerDuplexStream, UntypedHandleCall } from '@grpc/grpc-js';
import { RpcError, toStatus } from '../plumbing/grpc.ts';
import type { Committed } from './commit.ts';
import type { Database } from './documents.ts';
import type { Engine } from './engine.ts';
import { invalid } from './errors.ts';
import { type Delta, ListenTarget, type TargetMessage } from './listen-target.ts';
import { toName } from './paths.ts';
import { encodeMasked } from './reads.ts';
import { toProtoTimestamp } from './values.ts';
import { bytesField, packedField, stringField, timestampField } from './wire.ts';

interface ListenRequest {
  database: string;
  targetChange?: 'addTarget' | 'removeTarget';
  addTarget?: TargetMessage | null;
  removeTarget?: number;
}

type Call = ServerDuplexStream<ListenRequest, unknown>;

/** Clients take a stream without messages for dead after two minutes. */
const HEARTBEAT_MS = 45_000;

/** The open Listen streams: each is told about every commit that changes what its targets see, one snapshot a commit. */
export class Listeners {
  readonly #engine: Engine;
  readonly #streams = new Set<ListenStream>();
  #stopHeartbeat: (() => void) | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.committer.observe((committed) => {
      for (const stream of this.#streams) stream.follow(committed);
    });
  }

  /** The Listen method. */
  methods(): Record<string, UntypedHandleCall> {
    return { listen: (call: Call) => this.#open(call) };
  }

  close(): void {
    this.#stopHeartbeat?.();
    this.#streams.clear();
  }

  #open(call: Call): void {
    const stream = new ListenStream(this.#engine, call);
    this.#streams.add(stream);
    this.#beat();
    const gone = () => this.#streams.delete(stream);
    call.on('data', (request: ListenRequest) => stream.request(request));
    call.on('end', () => {
      gone();
      call.end();
    });
    for (const event of ['cancelled', 'close', 'error']) call.on(event, gone);
  }

  #beat(): void {
    if (this.#stopHeartbeat) return;
    const { clock } = this.#engine.context;
    this.#stopHeartbeat = clock.at(clock.now() + HEARTBEAT_MS, () => {
      this.#stopHeartbeat = undefined;
      for (const stream of this.#streams) stream.beat();
      if (this.#streams.size > 0) this.#beat();
    });
  }
}

/** One Listen stream and its targets. */
class ListenStream {
  readonly #engine: Engine;
  readonly #call: Call;
  readonly #targets = new Map<number, ListenTarget>();
  #database: Database | undefined;

  constructor(engine: Engine, call: Call) {
    this.#engine = engine;
    this.#call = call;
  }

  request(request: ListenRequest): void {
    try {
      const database = this.#engine.database(request.database);
      this.#database ??= database;
      if (this.#database !== database) throw invalid('A Listen stream is for one database.');
      if (request.targetChange === 'removeTarget') this.#remove(request.removeTarget ?? 0);
      else if (request.addTarget) this.#add(database, request.addTarget);
      else throw invalid('A Listen request must add or remove a target.');
    } catch (error) {
      this.#call.emit('error', toStatus(error));
    }
  }

  /** Tells the client what a commit changes. A stream that fails ends; the commit is done and stays so. */
  follow({ database, time, updates }: Committed): void {
    if (database !== this.#database) return;
    try {
      let changed = false;
      for (const target of this.#targets.values()) {
        const delta = target.follow(updates);
        if (!delta) continue;
        changed = true;
        this.#send(target, delta, time);
      }
      if (changed) this.#snapshot(time);
    } catch (error) {
      this.#call.emit('error', toStatus(error));
    }
  }

  beat(): void {
    if (this.#targets.size > 0) this.#snapshot(this.#engine.documents.readTime());
  }

  #add(database: Database, message: TargetMessage): void {
    const id = message.targetId;
    if (this.#targets.has(id)) throw invalid(`The target ${id} is already there.`);
    this.#change('ADD', [id]);
    let target: ListenTarget;
    try {
      target = new ListenTarget(this.#engine, database, message);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.#change('REMOVE', [id], { cause: { code: error.code, message: error.message } });
      return;
    }
    const time = this.#engine.documents.readTime();
    const { delta, reset, resumed } = target.open();
    if (reset) this.#change('RESET', [id]);
    this.#send(target, delta, time);
    // A client whose count differs has missed something, and begins anew.
    if (resumed) this.#call.write({ filter: { targetId: id, count: target.count } });
    if (!message.once) this.#targets.set(id, target);
    this.#change('CURRENT', [id], { resumeToken: resumeToken(time), readTime: toProtoTimestamp(time) });
    this.#snapshot(time);
    if (message.once) this.#change('REMOVE', [id]);
  }

  #remove(id: number): void {
    if (!this.#targets.delete(id)) throw invalid(`There is no target ${id} to remove.`);
    this.#change('REMOVE', [id]);
  }

  #snapshot(time: number): void {
    this.#change('NO_CHANGE', [], { resumeToken: resumeToken(time), readTime: toProtoTimestamp(time) });
  }

  #change(targetChangeType: string, targetIds: number[], more: Record<string, unknown> = {}): void {
    this.#call.write({ targetChange: { targetChangeType, targetIds, ...more } });
  }

  #send(target: ListenTarget, { changed, deleted, removed }: Delta, time: number): void {
    const ids = [target.id];
    const database = target.database;
    for (const document of changed) {
      const message = bytesField(1, encodeMasked(database, document, target.select));
      this.#call.write(bytesField(3, Buffer.concat([message, packedField(5, ids)])));
    }
    if (changed.length > 0) this.#engine.context.meter('firestore.read', changed.length);
    for (const key of deleted) {
      const name = stringField(1, toName(database.name, key));
      this.#call.write(bytesField(4, Buffer.concat([name, timestampField(4, time), packedField(6, ids)])));
    }
    for (const key of removed) {
      const name = stringField(1, toName(database.name, key));
      this.#call.write(bytesField(6, Buffer.concat([name, packedField(2, ids), timestampField(4, time)])));
    }
  }
}

/** The time (microseconds) up to which a client has seen everything, as eight bytes. */
function resumeToken(time: number): Buffer {
  const token = Buffer.alloc(8);
  token.writeBigUInt64BE(BigInt(time));
  return token;
}
