import type { Store } from '../plumbing/store.ts';
import { fromWireTime, toWireTime, type WireTime } from '../plumbing/wire-time.ts';
import { alreadyExists, invalid, notFound, refuseFields } from './names.ts';
import type { SchemaSettingsMessage, Schemas, TopicSchema } from './schemas.ts';

/** `google.pubsub.v1.Topic`, as far as it is supported. */
export interface TopicMessage {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly messageStoragePolicy?: unknown;
  readonly messageRetentionDuration?: WireTime | null;
  readonly schemaSettings?: SchemaSettingsMessage | null;
}

export interface Topic {
  readonly id: number;
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly messageStoragePolicy: unknown;
  /** How long messages can be sought back to, in milliseconds; 0 when acknowledged messages are forgotten. */
  readonly retentionMs: number;
  readonly schema?: TopicSchema | undefined;
}

type Settings = Omit<Topic, 'id' | 'name'>;

const UNSUPPORTED = ['kmsKeyName', 'ingestionDataSourceSettings', 'messageTransforms', 'tags'];
const MINUTE_MS = 60_000;
const RETENTION_MS = { least: 10 * MINUTE_MS, most: 31 * 24 * 60 * MINUTE_MS };

/** The topics, as they are stored. */
export class Topics {
  readonly #store: Store;
  readonly #schemas: Schemas;

  constructor(store: Store, schemas: Schemas) {
    this.#store = store;
    this.#schemas = schemas;
    store.exec(`CREATE TABLE IF NOT EXISTS pubsub_topics (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL)`);
  }

  /** @throws RpcError NOT_FOUND */
  get(name: string): Topic {
    const topic = this.find(name);
    if (!topic) throw notFound(name);
    return topic;
  }

  find(name: string): Topic | undefined {
    const row = this.#store.get<{ id: number; name: string; settings: string }>(
      'SELECT id, name, settings FROM pubsub_topics WHERE name = ?',
      name,
    );
    return row && { id: row.id, name: row.name, ...(JSON.parse(row.settings) as Settings) };
  }

  /** The topics of a project (`projects/P`), by name. */
  list(project: string): Topic[] {
    return this.#store
      .all<{ name: string }>(
        'SELECT name FROM pubsub_topics WHERE name > ? AND name < ? ORDER BY name',
        `${project}/topics/`,
        `${project}/topics0`,
      )
      .map(({ name }) => this.get(name));
  }

  /** @throws RpcError ALREADY_EXISTS, INVALID_ARGUMENT, UNIMPLEMENTED */
  create(message: TopicMessage): Topic {
    const settings = { ...settingsOf(message), schema: this.#schemaOf(message) };
    if (this.find(message.name)) throw alreadyExists(message.name);
    this.#store.run('INSERT INTO pubsub_topics (name, settings) VALUES (?, ?)', message.name, JSON.stringify(settings));
    return this.get(message.name);
  }

  /** @throws RpcError NOT_FOUND, INVALID_ARGUMENT, UNIMPLEMENTED */
  update(message: TopicMessage, paths: readonly string[]): Topic {
    const { id: _id, name, ...old } = this.get(message.name);
    const given = settingsOf(message);
    let settings: Settings = old;
    for (const path of paths) {
      if (path === 'labels') settings = { ...settings, labels: given.labels };
      else if (path === 'message_retention_duration') settings = { ...settings, retentionMs: given.retentionMs };
      else if (path === 'message_storage_policy')
        settings = { ...settings, messageStoragePolicy: given.messageStoragePolicy };
      else if (path === 'schema_settings') settings = { ...settings, schema: this.#schemaOf(message) };
      else throw invalid(`Invalid update_mask provided: '${path}' is not a field of a topic that can be updated.`);
    }
    this.#store.run('UPDATE pubsub_topics SET settings = ? WHERE name = ?', JSON.stringify(settings), name);
    return this.get(name);
  }

  delete(name: string): void {
    this.#store.run('DELETE FROM pubsub_topics WHERE name = ?', name);
  }

  #schemaOf({ schemaSettings }: TopicMessage): TopicSchema | undefined {
    return schemaSettings ? this.#schemas.forTopic(schemaSettings) : undefined;
  }
}

/** The message of a topic. */
export function topicMessage(topic: Topic) {
  const { name: schema, ...revisions } = topic.schema ?? {};
  return {
    name: topic.name,
    labels: topic.labels,
    state: 'ACTIVE',
    ...(topic.messageStoragePolicy ? { messageStoragePolicy: topic.messageStoragePolicy } : {}),
    ...(topic.retentionMs > 0 ? { messageRetentionDuration: toWireTime(topic.retentionMs) } : {}),
    ...(schema === undefined ? {} : { schemaSettings: { schema, ...revisions } }),
  };
}

function settingsOf(message: TopicMessage): Settings {
  refuseFields('Topic', message, UNSUPPORTED);
  const retentionMs = fromWireTime(message.messageRetentionDuration) ?? 0;
  if (retentionMs !== 0 && (retentionMs < RETENTION_MS.least || retentionMs > RETENTION_MS.most)) {
    throw invalid('Topic.message_retention_duration must be between 10 minutes and 31 days.');
  }
  return { labels: message.labels, messageStoragePolicy: message.messageStoragePolicy ?? null, retentionMs };
}
