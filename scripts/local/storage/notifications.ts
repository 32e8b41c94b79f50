import { HttpError } from '../plumbing/http.ts';
import { Outbox } from '../plumbing/outbox.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import { invalid } from './errors.ts';
import { isJson, type Json } from './object-fields.ts';
import { projectNumber } from './resources.ts';
import type { ObjectRow } from './tables.ts';

/** What notifications tell of an object, as `event_types` names it. */
export type EventType = 'OBJECT_FINALIZE' | 'OBJECT_METADATA_UPDATE' | 'OBJECT_DELETE' | 'OBJECT_ARCHIVE';

/** Of an overwritten object: the generation that took its place; of the new one: which it replaced. */
export type Related = { readonly overwrittenByGeneration?: string; readonly overwroteGeneration?: string };

interface Config {
  readonly topic: string;
  readonly payload_format: 'JSON_API_V1' | 'NONE';
  readonly event_types?: readonly EventType[];
  readonly custom_attributes?: Readonly<Record<string, string>>;
  readonly object_name_prefix?: string;
}

interface ConfigRow {
  readonly bucket: string;
  readonly id: number;
  /** JSON of Config. */
  readonly config: string;
}

const EVENT_TYPES: readonly unknown[] = [
  'OBJECT_FINALIZE',
  'OBJECT_METADATA_UPDATE',
  'OBJECT_DELETE',
  'OBJECT_ARCHIVE',
] satisfies EventType[];
const TOPIC = /^\/\/pubsub\.googleapis\.com\/(projects\/[^/]+\/topics\/[^/]+)$/;
const MOST_CONFIGS = 100;

/**
 * The buckets' notification configurations, and what is published by them.
 * @see https://cloud.google.com/storage/docs/pubsub-notifications
 */
export class Notifications {
  readonly #context: ServiceContext;
  readonly #outbox: Outbox;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#outbox = new Outbox(context, 'storage_outbox');
  }

  /** @throws HttpError 400 for a wrong value or a topic that Pub/Sub does not have. */
  async insert(bucket: string, body: Json, origin: string): Promise<Json> {
    const config = configOf(body);
    if (!(await this.#outbox.hasTopic(TOPIC.exec(config.topic)?.[1] ?? ''))) {
      const agent = serviceAgent(this.#context.project);
      throw invalid(
        `Cloud Pub/Sub topic '${config.topic}' not found, or user '${agent}' does not have permission to it.`,
      );
    }
    const { store } = this.#context;
    const row = store.transaction(() => {
      const sql = 'SELECT count(*) AS count, coalesce(max(id), 0) AS last FROM storage_notifications WHERE bucket = ?';
      const { count = 0, last = 0 } = store.get<{ count: number; last: number }>(sql, bucket) ?? {};
      if (count >= MOST_CONFIGS) throw invalid(`A bucket has at most ${MOST_CONFIGS} notification configurations.`);
      const made = { bucket, id: last + 1, config: JSON.stringify(config) };
      store.run('INSERT INTO storage_notifications VALUES (?, ?, ?)', made.bucket, made.id, made.config);
      return made;
    });
    return resource(row, origin);
  }

  /** @throws HttpError 404. */
  get(bucket: string, id: string, origin: string): Json {
    return resource(this.#row(bucket, id), origin);
  }

  list(bucket: string, origin: string): Json[] {
    return this.#rows(bucket).map((row) => resource(row, origin));
  }

  /** @throws HttpError 404. */
  delete(bucket: string, id: string): void {
    this.#context.store.run(
      'DELETE FROM storage_notifications WHERE bucket = ? AND id = ?',
      bucket,
      this.#row(bucket, id).id,
    );
  }

  /** Records what the configurations of the object's bucket want told. Belongs into the transaction of the change. */
  tell(type: EventType, row: ObjectRow, object: Json, related: Related): void {
    for (const { id, config: text } of this.#rows(row.bucket)) {
      const config = JSON.parse(text) as Config;
      if (config.event_types && !config.event_types.includes(type)) continue;
      if (!row.name.startsWith(config.object_name_prefix ?? '')) continue;
      this.#outbox.add({
        topic: TOPIC.exec(config.topic)?.[1] ?? '',
        data: config.payload_format === 'NONE' ? '' : JSON.stringify(object),
        attributes: {
          ...config.custom_attributes,
          notificationConfig: `projects/_/buckets/${row.bucket}/notificationConfigs/${id}`,
          eventType: type,
          payloadFormat: config.payload_format,
          bucketId: row.bucket,
          objectId: row.name,
          objectGeneration: String(row.generation),
          eventTime: new Date(this.#context.clock.now()).toISOString(),
          ...related,
        },
      });
    }
  }

  start(): void {
    this.#outbox.start();
  }

  pending(): number {
    return this.#outbox.pending();
  }

  close(): void {
    this.#outbox.close();
  }

  #rows(bucket: string): ConfigRow[] {
    return this.#context.store.all<ConfigRow>(
      'SELECT * FROM storage_notifications WHERE bucket = ? ORDER BY id',
      bucket,
    );
  }

  #row(bucket: string, id: string): ConfigRow {
    const row = this.#rows(bucket).find((candidate) => String(candidate.id) === id);
    if (!row) throw new HttpError(404, 'notFound', `Notification not found. bucket: ${bucket}, notification: ${id}`);
    return row;
  }
}

/** The account in whose name Cloud Storage publishes. */
export function serviceAgent(project: string): string {
  return `service-${projectNumber(project)}@gs-project-accounts.iam.gserviceaccount.com`;
}

function configOf(body: Json): Config {
  const {
    topic,
    payload_format: format,
    event_types: types,
    custom_attributes: custom,
    object_name_prefix: prefix,
  } = body;
  if (typeof topic !== 'string' || !TOPIC.test(topic)) {
    throw invalid(
      "Invalid Google Cloud Pub/Sub topic. It should look like '//pubsub.googleapis.com/projects/*/topics/*'.",
    );
  }
  if (format !== 'JSON_API_V1' && format !== 'NONE') {
    throw invalid(`Invalid value for: payload_format: ${String(format)} is neither JSON_API_V1 nor NONE`);
  }
  const wrong = Array.isArray(types) ? types.find((type) => !EVENT_TYPES.includes(type)) : undefined;
  if (wrong !== undefined || (types !== undefined && !Array.isArray(types))) {
    throw invalid(`Invalid value for: event_types: ${String(wrong ?? types)} is not an event of an object`);
  }
  if (custom !== undefined && !(isJson(custom) && Object.values(custom).every((value) => typeof value === 'string'))) {
    throw invalid('Invalid value for: custom_attributes: they are texts by name');
  }
  if (prefix !== undefined && typeof prefix !== 'string') throw invalid('Invalid value for: object_name_prefix');
  return {
    ...{ topic, payload_format: format },
    ...(Array.isArray(types) && types.length > 0 && { event_types: types as EventType[] }),
    ...(isJson(custom) && { custom_attributes: custom as Record<string, string> }),
    ...(prefix && { object_name_prefix: prefix }),
  };
}

function resource({ bucket, id, config }: ConfigRow, origin: string): Json {
  return {
    kind: 'storage#notification',
    id: String(id),
    selfLink: `${origin}/storage/v1/b/${bucket}/notificationConfigs/${id}`,
    etag: String(id),
    ...(JSON.parse(config) as Config),
  };
}
