import { type ServiceError, status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import { Outbox } from '../plumbing/outbox.ts';
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

/**
 * Tells the topics of secrets what happened to them, at least once. A notice is stored with the change that it is about
 * and goes when Pub/Sub, called over the port as Secret Manager's service agent would, has taken it.
 * @see https://cloud.google.com/secret-manager/docs/event-notifications
 */
export class Notices {
  readonly #context: ServiceContext;
  readonly #outbox: Outbox;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#outbox = new Outbox(context, 'secrets_notices');
  }

  /** Records a notice for each topic. Belongs into the transaction that makes the change. */
  add(topics: readonly string[], notice: Notice): void {
    for (const topic of topics) this.#outbox.add({ topic, ...this.#message(notice) });
  }

  /** Tells a topic that a secret publishes to it from now on. @throws RpcError FAILED_PRECONDITION when it cannot */
  async configure(topic: string, secret: string): Promise<void> {
    const message = this.#message({ type: 'TOPIC_CONFIGURED', secret, resource: { name: secret } });
    try {
      await this.#outbox.publish({ topic, ...message });
    } catch (error) {
      const { details, message: words } = error as ServiceError;
      throw new RpcError(status.FAILED_PRECONDITION, `cannot publish to the topic ${topic}: ${details ?? words}`);
    }
  }

  start(): void {
    this.#outbox.start();
  }

  /** Notices that no topic has taken yet. */
  pending(): number {
    return this.#outbox.pending();
  }

  close(): void {
    this.#outbox.close();
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
}
