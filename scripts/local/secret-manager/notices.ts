import { type Client, credentials, makeGenericClientConstructor, type ServiceError, status } from '@grpc/grpc-js';
import { Alarm } from '../plumbing/alarm.ts';
import { loadService, RpcError } from '../plumbing/grpc.ts';
import type { ServiceContext } from '../plumbing/service.ts';

/** What happened to a secret, as the attribute `eventType` says it. */
export type EventType =
  | 'TOPIC_CONFIGURED'
  | 'SECRET_CREATE'
  | 'SECRET_UPDATE'
  | 'SECRET_DELETE'
  | 'SECRET_ROTATE'
  | 'SECRET_VERSION_ADD'
  | 'SECRET_VERSION_ENABLE'
  | 'SECRET_VERSION_DISABLE'
  | 'SECRET_VERSION_DESTROY'
  | 'SECRET_VERSION_DESTROY_SCHEDULED';

export interface Notice {
  readonly type: EventType;
  /** Full name of the secret. */
  readonly secret: string;
  /** Full name of the version, when it is about one. */
  readonly version?: string;
  /** Why a secret was deleted. */
  readonly deleteType?: 'REQUESTED' | 'EXPIRED';
  /** The secret or the version, as the JSON API has it. */
  readonly resource: unknown;
}

interface Waiting {
  readonly seq: number;
  readonly topic: string;
  readonly data: string;
  readonly attributes: string;
}

type Publisher = Client & {
  publish(request: object, done: (error: ServiceError | null, answer: unknown) => void): void;
};

const PROTOS = '@google-cloud/pubsub/build/protos/protos.json';
const SERVICE = 'google.pubsub.v1.Publisher';
const RETRY_MS = 1000;

/**
 * Tells the topics of secrets what happened to them, at least once. A notice is stored with the change that it is about
 * and goes when Pub/Sub, called over the port as Secret Manager's service agent would, has taken it.
 * @see https://cloud.google.com/secret-manager/docs/event-notifications
 */
export class Notices {
  readonly #context: ServiceContext;
  readonly #retry: Alarm;
  #publisher: Publisher | undefined;
  #sending = false;
  #open = false;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#retry = new Alarm(context.clock, () => this.#send());
    context.store.exec(`CREATE TABLE IF NOT EXISTS secrets_notices (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, data TEXT NOT NULL, attributes TEXT NOT NULL
    ) STRICT`);
  }

  /** Records a notice for each topic. Belongs into the transaction that makes the change. */
  add(topics: readonly string[], notice: Notice): void {
    const { store } = this.#context;
    for (const topic of topics) {
      const { data, attributes } = this.#message(notice);
      store.run(
        'INSERT INTO secrets_notices (topic, data, attributes) VALUES (?, ?, ?)',
        ...[topic, data, JSON.stringify(attributes)],
      );
    }
    if (topics.length > 0) store.afterCommit(() => this.#send());
  }

  /** Tells a topic that a secret publishes to it from now on. @throws RpcError FAILED_PRECONDITION when it cannot */
  async configure(topic: string, secret: string): Promise<void> {
    const { data, attributes } = this.#message({ type: 'TOPIC_CONFIGURED', secret, resource: { name: secret } });
    try {
      await this.#publish(topic, data, attributes);
    } catch (error) {
      const { details, message } = error as ServiceError;
      throw new RpcError(status.FAILED_PRECONDITION, `cannot publish to the topic ${topic}: ${details ?? message}`);
    }
  }

  start(): void {
    this.#open = true;
    this.#send();
  }

  /** Notices that no topic has taken yet. */
  pending(): number {
    return Number(this.#context.store.get<{ n: number }>('SELECT count(*) AS n FROM secrets_notices')?.n ?? 0);
  }

  close(): void {
    this.#open = false;
    this.#retry.set(undefined);
    this.#publisher?.close();
  }

  #message({ type, secret, version, deleteType, resource }: Notice) {
    const attributes = {
      eventType: type,
      dataFormat: 'JSON_API_V1',
      secretId: secret,
      timestamp: new Date(this.#context.clock.now()).toISOString(),
      ...(version ? { versionId: version } : {}),
      ...(deleteType ? { deleteType } : {}),
    };
    return { data: JSON.stringify(resource), attributes };
  }

  /** Sends what waits, in order; what cannot be sent now is tried again. A topic that is gone loses its notices. */
  async #send(): Promise<void> {
    if (this.#sending || !this.#open) return;
    this.#sending = true;
    const { store, clock, log } = this.#context;
    try {
      for (;;) {
        const next = store.get<Waiting>('SELECT * FROM secrets_notices ORDER BY seq LIMIT 1');
        if (!next) return;
        try {
          await this.#publish(next.topic, next.data, JSON.parse(next.attributes));
        } catch (error) {
          if (!this.#open) return;
          if ((error as ServiceError).code !== status.NOT_FOUND) {
            this.#retry.atLatest(clock.now() + RETRY_MS);
            return;
          }
          log('WARNING', `the topic ${next.topic} of a secret does not exist: its notice is lost`);
        }
        store.run('DELETE FROM secrets_notices WHERE seq = ?', next.seq);
      }
    } finally {
      this.#sending = false;
    }
  }

  #publish(topic: string, data: string, attributes: object): Promise<unknown> {
    this.#publisher ??= this.#connect();
    const publisher = this.#publisher;
    return new Promise((resolve, reject) => {
      publisher.publish({ topic, messages: [{ data: Buffer.from(data), attributes }] }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
  }

  #connect(): Publisher {
    const Constructor = makeGenericClientConstructor(loadService(PROTOS, SERVICE), 'Publisher');
    return new Constructor(new URL(this.#context.origin()).host, credentials.createInsecure()) as unknown as Publisher;
  }
}
