import { randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import { toWireTime } from '../plumbing/wire-time.ts';
import { mismatchOfBinary } from './avro/binary.ts';
import { mismatchOfJson } from './avro/json.ts';
import { AvroError, parseAvro } from './avro/schema.ts';
import type { Avro } from './avro/types.ts';
import type { NewMessage } from './messages.ts';
import { alreadyExists, invalid, notFound, resourceName } from './names.ts';

/** How the messages of a topic are written. */
export type Encoding = 'JSON' | 'BINARY';

/** `google.pubsub.v1.Schema`, as clients send it. */
export interface SchemaMessage {
  readonly type: string;
  readonly definition: string;
}

export interface Schema {
  readonly name: string;
  readonly definition: string;
  /** Eight hexadecimal digits. */
  readonly revision: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** `google.pubsub.v1.SchemaSettings`. */
export interface SchemaSettingsMessage {
  readonly schema: string;
  readonly encoding: string;
  readonly firstRevisionId?: string;
  readonly lastRevisionId?: string;
}

/** What a topic holds its messages to. */
export interface TopicSchema {
  readonly name: string;
  readonly encoding: Encoding;
  readonly firstRevisionId: string;
  readonly lastRevisionId: string;
}

/** What a topic's schema is called once it was deleted. */
export const DELETED_SCHEMA = '_deleted-schema_';
const LARGEST_DEFINITION = 300_000;

/** The schemas, as they are stored: Avro, of one revision each. */
export class Schemas {
  readonly #context: ServiceContext;
  /** Those that topics hold messages to, by their names. */
  readonly #types = new Map<string, Avro>();

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.exec(`CREATE TABLE IF NOT EXISTS pubsub_schemas (
      name TEXT PRIMARY KEY, definition TEXT NOT NULL, revision TEXT NOT NULL, created REAL NOT NULL)`);
  }

  /** @throws RpcError NOT_FOUND */
  get(name: string): Schema {
    const schema = this.find(name);
    if (!schema) throw notFound(name);
    return schema;
  }

  find(name: string): Schema | undefined {
    return this.#context.store.get<Schema>('SELECT * FROM pubsub_schemas WHERE name = ?', name);
  }

  /** The schemas of a project (`projects/P`), by name. */
  list(project: string): Schema[] {
    const [from, to] = [`${project}/schemas/`, `${project}/schemas0`];
    return this.#context.store.all<Schema>(
      'SELECT * FROM pubsub_schemas WHERE name > ? AND name < ? ORDER BY name',
      from,
      to,
    );
  }

  /** @throws RpcError ALREADY_EXISTS, INVALID_ARGUMENT, UNIMPLEMENTED */
  create(name: string, message: SchemaMessage | null): Schema {
    const { definition } = checkSchema(message);
    if (this.find(name)) throw alreadyExists(name);
    this.#context.store.run(
      'INSERT INTO pubsub_schemas VALUES (?, ?, ?, ?)',
      ...[name, definition, randomBytes(4).toString('hex'), this.#context.clock.now()],
    );
    return this.get(name);
  }

  /** Topics of a schema that is deleted take no more messages. @throws RpcError NOT_FOUND */
  delete(name: string): void {
    this.get(name);
    this.#types.delete(name);
    this.#context.store.run('DELETE FROM pubsub_schemas WHERE name = ?', name);
    this.#context.store.run(
      `UPDATE pubsub_topics SET settings = json_set(settings, '$.schema.name', ?) WHERE settings ->> '$.schema.name' = ?`,
      DELETED_SCHEMA,
      name,
    );
  }

  /** Reads what a topic says of its schema. @throws RpcError NOT_FOUND, INVALID_ARGUMENT */
  forTopic(settings: SchemaSettingsMessage): TopicSchema {
    const { firstRevisionId = '', lastRevisionId = '' } = settings;
    const { name, revision } = this.get(resourceName(settings.schema, 'schemas'));
    for (const id of [firstRevisionId, lastRevisionId])
      if (id !== '' && id !== revision) throw notFound(`${name}@${id}`);
    return { name, encoding: checkEncoding(settings.encoding), firstRevisionId, lastRevisionId };
  }

  /** Messages with what subscribers are told of their schema. @throws RpcError INVALID_ARGUMENT, FAILED_PRECONDITION */
  hold({ name, encoding }: TopicSchema, messages: readonly NewMessage[]): readonly NewMessage[] {
    const schema = this.find(name);
    if (!schema) throw new RpcError(status.FAILED_PRECONDITION, 'The schema of the topic was deleted.');
    const attributes = {
      googclient_schemaencoding: encoding,
      googclient_schemaname: name,
      googclient_schemarevisionid: schema.revision,
    };
    const type = this.#types.get(name) ?? parseAvro(schema.definition);
    this.#types.set(name, type);
    return messages.map((message) => {
      checkMessage(type, encoding, message.data);
      return { ...message, attributes: { ...message.attributes, ...attributes } };
    });
  }
}

/** @throws RpcError INVALID_ARGUMENT when the bytes are no message of the schema. */
export function checkMessage(type: Avro, encoding: Encoding, data: Uint8Array): void {
  const reason = encoding === 'BINARY' ? mismatchOfBinary(type, data) : mismatchOfText(type, data);
  if (reason !== undefined) throw invalid(`Invalid data in message: Message failed schema validation: ${reason}.`);
}

/** The definition of a schema that can be one. @throws RpcError INVALID_ARGUMENT, UNIMPLEMENTED */
export function checkSchema(message: SchemaMessage | null): SchemaMessage {
  if (!message) throw invalid('A schema is required.');
  const { type, definition } = message;
  if (type === 'PROTOCOL_BUFFER') {
    throw new RpcError(status.UNIMPLEMENTED, 'Schema.type PROTOCOL_BUFFER is not supported locally');
  }
  if (type !== 'AVRO') throw invalid('Schema.type must be AVRO or PROTOCOL_BUFFER.');
  if (Buffer.byteLength(definition) > LARGEST_DEFINITION) throw invalid('A definition has at most 300 KB.');
  try {
    parseAvro(definition);
  } catch (error) {
    if (error instanceof AvroError) throw invalid(`Invalid Avro schema definition: ${error.message}.`);
    throw error;
  }
  return message;
}

/** @throws RpcError INVALID_ARGUMENT */
export function checkEncoding(encoding: string): Encoding {
  if (encoding === 'JSON' || encoding === 'BINARY') return encoding;
  throw invalid('The encoding must be JSON or BINARY.');
}

/** The message of a schema. @param view BASIC leaves the definition out. */
export function schemaMessage({ name, definition, revision, created }: Schema, view: string) {
  const whole = view === 'BASIC' ? {} : { definition };
  return { name, type: 'AVRO', ...whole, revisionId: revision, revisionCreateTime: toWireTime(created) };
}

function mismatchOfText(type: Avro, data: Uint8Array): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return 'it is not JSON';
  }
  return mismatchOfJson(type, value, '');
}
