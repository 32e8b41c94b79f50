import { type Client, credentials, makeGenericClientConstructor, type ServiceError, status } from '@grpc/grpc-js';
import { Alarm } from './alarm.ts';
import { loadService } from './grpc.ts';
import type { ServiceContext } from './service.ts';

/** A message on its way to a topic. */
export interface OutgoingMessage {
  /** `projects/P/topics/T` */
  readonly topic: string;
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Row {
  readonly seq: number;
  readonly topic: string;
  readonly data: string;
  readonly attributes: string;
}

type Call = (request: object, done: (error: ServiceError | null, answer: unknown) => void) => void;
type Publisher = Client & { readonly publish: Call; readonly getTopic: Call };

const PROTOS = '@google-cloud/pubsub/build/protos/protos.json';
const SERVICE = 'google.pubsub.v1.Publisher';
const RETRY_MS = 1000;

/**
 * What a service publishes by itself, at least once and in order: a message is stored with the change that it is about
 * and goes when Pub/Sub, called over the port as the service's agent would, has taken it.
 */
export class Outbox {
  readonly #context: ServiceContext;
  readonly #table: string;
  readonly #retry: Alarm;
  #publisher: Publisher | undefined;
  #sending = false;
  #open = false;

  /** @param table a name of its own in the store. */
  constructor(context: ServiceContext, table: string) {
    this.#context = context;
    this.#table = table;
    this.#retry = new Alarm(context.clock, () => this.#send());
    context.store.exec(`CREATE TABLE IF NOT EXISTS ${table} (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, data TEXT NOT NULL, attributes TEXT NOT NULL
    ) STRICT`);
  }

  /** Records a message. Belongs into the transaction that makes the change. */
  add({ topic, data, attributes }: OutgoingMessage): void {
    const { store } = this.#context;
    store.run(
      `INSERT INTO ${this.#table} (topic, data, attributes) VALUES (?, ?, ?)`,
      ...[topic, data, JSON.stringify(attributes)],
    );
    store.afterCommit(() => this.#send());
  }

  /** Publishes a message now, past those that wait. @throws ServiceError as Pub/Sub refuses it */
  async publish({ topic, data, attributes }: OutgoingMessage): Promise<void> {
    await this.#call('publish', { topic, messages: [{ data: Buffer.from(data), attributes }] });
  }

  /** Whether Pub/Sub has the topic. */
  async hasTopic(topic: string): Promise<boolean> {
    try {
      await this.#call('getTopic', { topic });
      return true;
    } catch (error) {
      // A name that Pub/Sub does not take is one of no topic; without Pub/Sub there are none.
      const absent = [status.NOT_FOUND, status.INVALID_ARGUMENT, status.UNIMPLEMENTED];
      if (absent.includes((error as ServiceError).code)) return false;
      throw error;
    }
  }

  /** Sends what is left from before, and from now on what is added. */
  start(): void {
    this.#open = true;
    this.#send();
  }

  /** Messages that no topic has taken yet. */
  pending(): number {
    return Number(this.#context.store.get<{ n: number }>(`SELECT count(*) AS n FROM ${this.#table}`)?.n ?? 0);
  }

  close(): void {
    this.#open = false;
    this.#retry.set(undefined);
    this.#publisher?.close();
  }

  /** What cannot be sent now is tried again. A topic that is gone loses its messages. */
  async #send(): Promise<void> {
    if (this.#sending || !this.#open) return;
    this.#sending = true;
    const { store, clock, log } = this.#context;
    try {
      for (;;) {
        const next = store.get<Row>(`SELECT * FROM ${this.#table} ORDER BY seq LIMIT 1`);
        if (!next) return;
        try {
          await this.publish({ ...next, attributes: JSON.parse(next.attributes) });
        } catch (error) {
          if (!this.#open) return;
          if ((error as ServiceError).code !== status.NOT_FOUND) {
            this.#retry.atLatest(clock.now() + RETRY_MS);
            return;
          }
          log('WARNING', `the topic ${next.topic} does not exist: a message for it is lost`);
        }
        if (!this.#open) return;
        store.run(`DELETE FROM ${this.#table} WHERE seq = ?`, next.seq);
      }
    } finally {
      this.#sending = false;
    }
  }

  #call(method: 'publish' | 'getTopic', request: object): Promise<unknown> {
    this.#publisher ??= this.#connect();
    const publisher = this.#publisher;
    return new Promise((resolve, reject) => {
      publisher[method](request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }

  #connect(): Publisher {
    const Constructor = makeGenericClientConstructor(loadService(PROTOS, SERVICE), 'Publisher');
    return new Constructor(new URL(this.#context.origin()).host, credentials.createInsecure()) as unknown as Publisher;
  }
}
